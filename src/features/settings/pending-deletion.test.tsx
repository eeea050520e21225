import { QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { ConvexProvider } from "convex/react";
import { ConvexError } from "convex/values";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FakeConvex } from "../../lib/fake-convex";
import { queryClientOver } from "../../lib/query-client";
import { PendingDeletion } from "./pending-deletion";
import { SettingsPanel } from "./settings-panel";

const SETTINGS = {
  email: "ada@example.com",
  name: "",
  includesContext: false,
  model: null,
  models: [],
};
const cancelDeletion = vi.fn<() => Promise<unknown>>(async () => null);
let server: FakeConvex;
let deletionAt: number | null;

beforeEach(() => {
  deletionAt = null;
  cancelDeletion.mockClear();
  server = new FakeConvex();
  server.answer("account/settings:getSettings", () => ({ ...SETTINGS, deletionAt }));
  server.mutations["account/deletion:cancelDeletion"] = cancelDeletion;
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

function show(element: React.ReactNode) {
  render(
    <ConvexProvider client={server.client}>
      <QueryClientProvider client={queryClientOver(server.client)}>{element}</QueryClientProvider>
    </ConvexProvider>,
  );
}

test("an account that waits for its deletion says when it goes, and is kept with one press", async () => {
  deletionAt = new Date(2026, 11, 6, 14, 5).getTime();
  show(<PendingDeletion />);
  const notice = await screen.findByRole("region", { name: "Account deletion" });
  expect(notice.textContent).toContain("deleted on 6 December 2026 at 14:05");
  fireEvent.click(screen.getByRole("button", { name: "Keep my account" }));
  await waitFor(() => expect(cancelDeletion).toHaveBeenCalledOnce());
  deletionAt = null;
  server.answer("account/settings:getSettings", () => ({ ...SETTINGS, deletionAt }));
  act(() => server.update());
  await waitFor(() => expect(screen.queryByRole("region")).toBeNull());
});

test("when it is too late to keep it, that is said there", async () => {
  deletionAt = Date.now();
  const message = "It is too late: the deletion has begun.";
  cancelDeletion.mockRejectedValueOnce(new ConvexError({ code: "NOT_FOUND", message }));
  show(<PendingDeletion />);
  fireEvent.click(await screen.findByRole("button", { name: "Keep my account" }));
  expect((await screen.findByRole("alert")).textContent).toBe(message);
});

test("the question before a deletion names the day on which the account goes", async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: new Date(2026, 10, 29, 12) });
  show(<SettingsPanel />);
  fireEvent.click(await screen.findByRole("button", { name: "Delete my account" }));
  expect(screen.getByRole("dialog").textContent).toContain("in seven days, on 6 December 2026.");
});
