import { cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import type { ComponentProps } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { HOLD_LEASE_MS } from "../../../../convex/chat/limits";
import type { Id } from "../../../../convex/_generated/dataModel";
import { QueueList } from "./queue-list";
import type { QueueActions, Queued } from "./use-queue";

type LastAnswer = ComponentProps<typeof QueueList>["lastAnswer"];

const WAITING: Queued = {
  _id: "w1" as Id<"chatQueue">,
  content: "And tomorrow?",
  clientKey: "k",
  isHeld: false,
  refusal: null,
  attachments: [],
};
let calls: string[];
const edit = vi.fn<QueueActions["edit"]>();
const actions: QueueActions = {
  add: vi.fn(),
  hold: async () => void calls.push("hold"),
  letGo: async ({ content }) => void calls.push(content),
  edit,
  remove: vi.fn(),
  sendNow: vi.fn(),
  typed: () => typed,
  keepTyped: (_, text) => {
    typed = text;
    for (const tell of tabs) tell();
  },
  onTyped: (tell) => {
    tabs.add(tell);
    return () => tabs.delete(tell);
  },
};
let typed: string | null;
const tabs = new Set<() => void>();

beforeEach(() => {
  calls = [];
  typed = null;
  focusField.mockReset();
  edit.mockReset().mockImplementation(async (_, text) => {
    calls.push(text);
    return true;
  });
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const focusField = vi.fn();

function list(waiting: readonly Queued[], lastAnswer: LastAnswer = "streaming") {
  return (
    <QueueList
      waiting={waiting}
      actions={actions}
      lastAnswer={lastAnswer}
      focusField={focusField}
    />
  );
}

function show(more: Partial<Queued> = {}, lastAnswer?: LastAnswer) {
  return render(list([{ ...WAITING, ...more }], lastAnswer));
}

function openEditor() {
  const shown = show();
  fireEvent.click(screen.getByRole("button", { name: "Edit queued message" }));
  const field = screen.getByRole("textbox", { name: "Queued text" });
  fireEvent.change(field, { target: { value: "And on Sunday?" } });
  return shown;
}

test.each<[Partial<Queued>, LastAnswer, string]>([
  [{}, "pending", "Next, when the answer is complete"],
  [{}, "streaming", "Next, when the answer is complete"],
  [{}, "complete", "Next, in a moment"],
  [{}, "stopped", "Waiting for you: the last answer was stopped"],
  [{}, "failed", "Waiting for you: the last answer failed"],
  [{ isHeld: true }, "streaming", "Waiting for you: the first message is held while it is edited"],
  [
    { isHeld: true, refusal: "You have 1 credit left." },
    "complete",
    "Waiting for you: the first message was refused",
  ],
])("the one reason for waiting is told: %j after an answer that is %s", (more, last, words) => {
  show(more, last);
  expect(screen.getByText(words)).toBeTruthy();
});

test("a message is held while it is edited, and goes on with the new text", async () => {
  openEditor();
  expect(calls).toEqual(["hold"]);
  fireEvent.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(screen.queryByRole("textbox")).toBeNull());
  expect(calls).toEqual(["hold", "And on Sunday?"]);
});

test("an editor that was opened before the server had the message holds it once it has", () => {
  const { rerender } = show({ _id: "k" as Id<"chatQueue"> });
  fireEvent.click(screen.getByRole("button", { name: "Edit queued message" }));
  const save = screen.getByRole<HTMLButtonElement>("button", { name: "Save" });
  expect([calls, save.disabled]).toEqual([[], true]);
  rerender(list([WAITING]));
  expect([calls, save.disabled]).toEqual([["hold"], false]);
});

test.each([
  ["cancelled", () => fireEvent.click(screen.getByRole("button", { name: "Cancel" }))],
  ["left with its chat", () => cleanup()],
  ["left with the page", () => fireEvent(window, new Event("pagehide"))],
])("an editor that is %s lets the message go on as it was", (_, leave) => {
  openEditor();
  leave();
  expect(calls).toEqual(["hold", "And tomorrow?"]);
});

test("the hold is renewed as long as the editor is open", () => {
  vi.useFakeTimers();
  openEditor();
  vi.advanceTimersByTime(HOLD_LEASE_MS);
  expect(calls.slice(1)).toEqual(["hold", "hold", "hold"]);
  cleanup();
  calls = [];
  vi.advanceTimersByTime(HOLD_LEASE_MS);
  expect(calls).toEqual([]);
});

test("the new text stays when the chat is left before it is confirmed", async () => {
  const answer = Promise.withResolvers<boolean>();
  edit.mockReturnValueOnce(answer.promise);
  const { unmount } = openEditor();
  fireEvent.click(screen.getByRole("button", { name: "Save" }));
  unmount();
  answer.resolve(true);
  await answer.promise;
  expect(edit.mock.calls.map(([, text]) => text)).toEqual(["And on Sunday?"]);
});

test("what was typed comes back with its editor until it is saved or given up", async () => {
  const { unmount } = openEditor();
  unmount();
  const again = show();
  expect(screen.getByRole<HTMLTextAreaElement>("textbox").value).toBe("And on Sunday?");
  expect(calls).toEqual(["hold", "And tomorrow?", "hold"]);
  fireEvent.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(screen.queryByRole("textbox")).toBeNull());
  again.unmount();

  openEditor();
  fireEvent.click(screen.getByRole("button", { name: "Cancel" }));
  cleanup();
  show();
  expect(screen.queryByRole("textbox")).toBeNull();
});

test("two tabs that edit one message have the same text, and an editor that is closed stays so", () => {
  const tab = () => within(show().container);
  const [here, there, elsewhere] = [tab(), tab(), tab()];
  for (const { getByRole } of [here, there]) {
    fireEvent.click(getByRole("button", { name: "Edit queued message" }));
  }
  const field = ({ getByRole }: typeof here) => getByRole<HTMLTextAreaElement>("textbox");
  fireEvent.change(field(there), { target: { value: "And on Sunday?" } });
  expect(field(here).value).toBe("And on Sunday?");
  expect(elsewhere.queryByRole("textbox")).toBeNull();

  fireEvent.click(here.getByRole("button", { name: "Cancel" }));
  expect(here.queryByRole("textbox")).toBeNull();
  expect(field(there).value).toBe("And tomorrow?");
});

test("the focus goes back to the message when its editor closes", async () => {
  show();
  const button = () => screen.getByRole("button", { name: "Edit queued message" });
  fireEvent.click(button());
  fireEvent.keyDown(screen.getByRole("textbox", { name: "Queued text" }), { key: "Escape" });
  await waitFor(() => expect(document.activeElement).toBe(button()));
});

test("the focus of a message that goes away goes to the composer, and only that", () => {
  const second = { ...WAITING, _id: "w2" as Id<"chatQueue">, clientKey: "k2" };
  const { rerender } = render(list([WAITING, second]));
  const deleteLast = () => screen.getAllByRole("button", { name: "Delete queued message" }).at(-1);
  deleteLast()?.focus();
  rerender(list([second]));
  expect(focusField).not.toHaveBeenCalled();
  expect(document.activeElement).toBe(deleteLast());
  rerender(list([WAITING]));
  expect(focusField).toHaveBeenCalledOnce();
  rerender(list([]));
  expect(focusField).toHaveBeenCalledOnce();
});
