import { QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { ConvexProvider } from "convex/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FakeConvex } from "../../lib/fake-convex";
import { queryClientOver } from "../../lib/query-client";
import { DraftPanel } from "./draft-panel";

let server: FakeConvex;
const startDraft = vi.fn<() => Promise<unknown>>(async () => null);

beforeEach(() => {
  startDraft.mockClear();
  server = new FakeConvex();
  server.answer("projects/drafts:openDraft", () => null);
  server.answer("credits/usage:current", () => ({ unlimited: false }));
  server.mutations["projects/drafts:startDraft"] = startDraft;
});
afterEach(() => {
  cleanup();
  localStorage.clear();
});

/** Opens the page again, as a reload does. */
async function goalOnTheOpenedPage() {
  cleanup();
  render(
    <ConvexProvider client={server.client}>
      <QueryClientProvider client={queryClientOver(server.client)}>
        <DraftPanel source={null} onAccepted={vi.fn()} />
      </QueryClientProvider>
    </ConvexProvider>,
  );
  return await screen.findByRole<HTMLTextAreaElement>("textbox", { name: "Goal" });
}

test("a goal survives a reload and a refusal, until it is sent", async () => {
  fireEvent.change(await goalOnTheOpenedPage(), { target: { value: "Open a bakery" } });
  const goal = await goalOnTheOpenedPage();
  expect(goal.value).toBe("Open a bakery");

  const send = () => fireEvent.click(screen.getByRole("button", { name: "Draft with AI" }));
  startDraft.mockRejectedValueOnce(new Error("not now"));
  send();
  await screen.findByRole("alert");
  expect((await goalOnTheOpenedPage()).value).toBe("Open a bakery");
  send();
  await waitFor(() => expect(startDraft).toHaveBeenCalledTimes(2));
  expect((await goalOnTheOpenedPage()).value).toBe("");
});

test("what was typed after a draft failed goes before the goal of that draft", async () => {
  const failed = { _id: "d1", status: "failed", goal: "Open a bakery", sourcePageId: null };
  server.answer("projects/drafts:openDraft", () => ({ ...failed, error: null }));
  const goal = await goalOnTheOpenedPage();
  expect(goal.value).toBe("Open a bakery");
  fireEvent.change(goal, { target: { value: "Open a small bakery" } });
  expect((await goalOnTheOpenedPage()).value).toBe("Open a small bakery");
});
