import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { ConvexProvider } from "convex/react";
import type { FunctionReturnType } from "convex/server";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { api } from "../../../convex/_generated/api";
import { FakeConvex } from "../../lib/fake-convex";
import { DraftPreview } from "./draft-preview";

type Draft = NonNullable<FunctionReturnType<typeof api.projects.drafts.openDraft>>;

const discardDraft = vi.fn(async () => null);
let server: FakeConvex;

beforeEach(() => {
  discardDraft.mockClear();
  server = new FakeConvex();
  server.mutations["projects/drafts:discardDraft"] = discardDraft;
});
afterEach(() => {
  cleanup();
  localStorage.clear();
});

function preview(state: Partial<Draft>) {
  const draft = {
    _id: "d1",
    goal: "Open a bakery",
    text: "{}",
    attempt: 1,
    status: "ready",
    creditsUsed: 15,
    ...state,
  } as Draft;
  return (
    <ConvexProvider client={server.client}>
      <DraftPreview draft={draft} onAccepted={vi.fn()} />
    </ConvexProvider>
  );
}

/** Shows the draft, and asks for it to be discarded. */
function show(state: Partial<Draft>) {
  const page = render(preview(state));
  fireEvent.click(screen.getByRole("button", { name: "Discard draft" }));
  return page;
}

test.each(["writing", "ready"] as const)(
  "a draft that is %s is discarded only after a question that says what it cost",
  async (status) => {
    show({ status });
    const question = screen.getByRole("dialog", { name: "Discard this draft?" });
    expect(question.textContent).toContain("The 15 credits that it cost stay spent.");
    expect(discardDraft).not.toHaveBeenCalled();
    fireEvent.click(screen.getByRole("button", { name: "Keep draft" }));
    expect(screen.queryByRole("dialog")).toBeNull();
    expect(discardDraft).not.toHaveBeenCalled();

    fireEvent.click(screen.getByRole("button", { name: "Discard draft" }));
    fireEvent.click(screen.getByRole("button", { name: "Discard" }));
    await waitFor(() => expect(discardDraft).toHaveBeenCalledWith({ draftId: "d1" }));
  },
);

test("the question stays when the draft gets ready meanwhile", async () => {
  const { rerender } = show({ status: "writing" });
  rerender(preview({ status: "ready" }));
  fireEvent.click(screen.getByRole("button", { name: "Discard" }));
  await waitFor(() => expect(discardDraft).toHaveBeenCalledWith({ draftId: "d1" }));
});

test("of a draft that is not begun the credits come back, and stay spent as soon as it is", () => {
  const { rerender } = show({ status: "writing", text: " " });
  const question = screen.getByRole("dialog").textContent;
  expect(question).toContain("As long as none of it is written, its 15 credits come back.");
  expect(question).not.toContain("spent");
  rerender(preview({ status: "writing", text: '{"name"' }));
  expect(screen.getByRole("dialog").textContent).toContain(
    "The 15 credits that it cost stay spent.",
  );
});

test("on Pro nothing is said of credits", () => {
  show({ creditsUsed: 0 });
  expect(screen.getByRole("dialog").textContent).not.toContain("credits");
});
