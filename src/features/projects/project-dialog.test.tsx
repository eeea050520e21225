import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { ConvexProvider } from "convex/react";
import { afterEach, expect, test, vi } from "vitest";
import { FakeConvex } from "../../lib/fake-convex";
import { ProjectDialog } from "./project-dialog";

afterEach(cleanup);

const onCreated = vi.fn();
const onClose = vi.fn();

/** A project that is on its way when the dialog is closed and opened again. */
async function saveAndReopen() {
  const server = new FakeConvex();
  const created = Promise.withResolvers<{ displayId: string }>();
  server.mutations["projects/projects:createProject"] = async () => await created.promise;
  const dialog = (open: boolean) => (
    <ConvexProvider client={server.client}>
      <ProjectDialog open={open} onClose={onClose} onCreated={onCreated} />
    </ConvexProvider>
  );
  const { rerender } = render(dialog(true));
  fireEvent.change(screen.getByLabelText("Name"), { target: { value: "Bakery" } });
  fireEvent.click(screen.getByRole("button", { name: "Create project" }));
  rerender(dialog(false));
  rerender(dialog(true));
  await act(async () => created.resolve({ displayId: "PR-000001" }));
}

test("a dialog that was closed while it saved leads nowhere, and closes no other", async () => {
  await saveAndReopen();
  expect(onCreated).not.toHaveBeenCalled();
  expect(onClose).not.toHaveBeenCalled();
});
