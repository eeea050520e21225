import { act, cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { ConvexError } from "convex/values";
import { expect, test, vi } from "vitest";
import {
  answer,
  conversation,
  field,
  meetServer,
  reopenAs,
  server,
  store,
  stream,
  turn,
  TURN,
} from "./conversation-fixture";

meetServer();

test("while an answer grows the next message is queued, and nothing typed is lost when that is refused", async () => {
  const message =
    "At most 10 messages can wait in a chat. Delete one, or wait until one is sent. Nothing was charged.";
  const queued = vi.fn().mockRejectedValueOnce(new ConvexError({ code: "QUEUE_FULL", message }));
  queued.mockResolvedValueOnce(null);
  server.mutations["chat/queue:queueMessage"] = queued;
  render(conversation("CH-000001"));
  stream("Two met");
  await waitFor(() => expect(answer().textContent).toContain("Two met"));
  fireEvent.change(field(), { target: { value: "And tomorrow?" } });
  fireEvent.keyDown(field(), { key: "Enter" });
  expect(field().value).toBe("");
  await waitFor(() => expect(screen.getByRole("alert").textContent).toBe(message));
  expect(field().value).toBe("And tomorrow?");

  fireEvent.keyDown(field(), { key: "Enter" });
  await waitFor(() => expect(queued).toHaveBeenCalledTimes(2));
  expect(queued.mock.calls[0]?.[0]).toMatchObject({ sessionId: "s1", content: "And tomorrow?" });
  expect(queued.mock.calls[1]?.[0].clientKey).toBe(queued.mock.calls[0]?.[0].clientKey);
  await waitFor(() => expect(store.drafts.unsettled("CH-000001")).toEqual([]));
  expect(field().value).toBe("");
});

test("a queued message is sent now by ending the answer that runs", async () => {
  const waiting = { _id: "w1", content: "And tomorrow?", clientKey: "k", isHeld: false };
  const rows = [{ ...waiting, refusal: null, attachments: [] }];
  server.answer("chat/queue:listQueue", () => rows);
  const calls: string[] = [];
  server.mutations["chat/messages:stopMessage"] = async () => void calls.push("stop");
  server.mutations["chat/queue:sendQueued"] = async ({ queuedId }) => {
    calls.push(`send ${String(queuedId)}`);
    return { ...TURN, answerId: "a2" };
  };
  render(conversation("CH-000001"));
  stream("Two met");
  await waitFor(() => expect(answer().textContent).toContain("Two met"));
  fireEvent.click(screen.getByRole("button", { name: "Send now" }));
  await waitFor(() =>
    expect(server.actions["chat/generation:generateReply"]).toHaveBeenCalledWith({
      messageId: "a2",
    }),
  );
  expect(calls).toEqual(["stop", "send w1"]);
});

async function stopAndAskOn(stopMessage: () => Promise<null>) {
  const sent = vi.fn(async () => TURN);
  const queued = vi.fn();
  server.mutations["chat/messages:stopMessage"] = stopMessage;
  server.mutations["chat/messages:sendChatMessage"] = sent;
  server.mutations["chat/queue:queueMessage"] = queued;
  render(conversation("CH-000001"));
  stream("Two met");
  await waitFor(() => expect(answer().textContent).toContain("Two met"));
  fireEvent.click(screen.getByRole("button", { name: "Stop generating" }));
  fireEvent.change(field(), { target: { value: "And tomorrow?" } });
  fireEvent.keyDown(field(), { key: "Enter" });
  return { sent, queued };
}

test("after one's own Stop the next message is sent, and does not wait for what is stopping", async () => {
  const { sent, queued } = await stopAndAskOn(() => new Promise(() => undefined));
  expect(sent).toHaveBeenCalledExactlyOnceWith(
    expect.objectContaining({ sessionId: "s1", content: "And tomorrow?" }),
  );
  expect(queued).not.toHaveBeenCalled();
  expect(field().value).toBe("");
});

test("what waits behind an answer that one stops waits for the person from then on", async () => {
  const waiting = { _id: "w1", content: "And tomorrow?", clientKey: "k", isHeld: false };
  const rows = [{ ...waiting, refusal: null, attachments: [] }];
  server.answer("chat/queue:listQueue", () => rows);
  server.mutations["chat/messages:stopMessage"] = () => new Promise(() => undefined);
  render(conversation("CH-000001"));
  stream("Two met");
  await screen.findByText("Next, when the answer is complete");
  fireEvent.click(screen.getByRole("button", { name: "Stop generating" }));
  expect(screen.getByText("Waiting for you: the last answer was stopped")).toBeTruthy();
});

test("what one is typing into a queued message goes into the composer when that is sent", async () => {
  const waiting = { _id: "w1", content: "And tomorrow?", clientKey: "k", isHeld: false };
  server.answer("chat/queue:listQueue", () => [{ ...waiting, refusal: null, attachments: [] }]);
  server.mutations["chat/queue:holdQueued"] = async () => null;
  server.mutations["chat/queue:editQueued"] = async () => {
    throw new ConvexError({ code: "NOT_FOUND", message: "This message does not wait any more." });
  };
  render(conversation("CH-000001"));
  stream("Two met");
  fireEvent.click(await screen.findByRole("button", { name: "Edit queued message" }));
  const edited = screen.getByRole("textbox", { name: "Queued text" });
  fireEvent.change(edited, { target: { value: "And on Sunday?" } });
  server.answer("chat/queue:listQueue", () => []);
  act(() => server.update());
  await screen.findByText(/does not wait any more/);
  expect(field().value).toBe("And on Sunday?");
});

test("what was typed for a queued message that was sent meanwhile comes into the composer", async () => {
  server.answer("chat/messages:listMessages", () => turn("complete", "Two metres."));
  store.drafts.keepEdit("CH-000001", "key", "How high on Sunday?");
  render(conversation("CH-000001"));
  await waitFor(() => expect(field().value).toBe("How high on Sunday?"));
  expect(screen.getByRole("alert").textContent).toContain("does not wait any more");
  expect(store.drafts.edited("CH-000001")).toEqual([]);
  cleanup();

  reopenAs("bo");
  store.drafts.keepEdit("CH-000001", "key", "How high?");
  render(conversation("CH-000001"));
  await waitFor(() => expect(store.drafts.edited("CH-000001")).toEqual([]));
  expect(field().value).toBe("");
});
