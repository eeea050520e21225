import { act, cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { ConvexError } from "convex/values";
import { expect, test, vi } from "vitest";
import { onePage } from "../../lib/fake-convex";
import {
  answer,
  conversation,
  field,
  meetServer,
  reopenAs,
  send,
  server,
  store,
  stream,
  turn,
  TURN,
} from "./conversation-fixture";

const BESIDES = { attachments: [], includesContext: false, model: null };

meetServer();

test("a sent question stands there at once, and a new chat gets its address", async () => {
  const accept = Promise.withResolvers<typeof TURN>();
  const sent = vi.fn(() => accept.promise);
  server.mutations["chat/messages:sendChatMessage"] = sent;
  const onCreated = vi.fn();
  render(conversation(null, onCreated));

  await send("How high?");
  expect(screen.getByRole("article", { name: "Your message" }).textContent).toBe("How high?");
  expect(field().value).toBe("");
  expect(onCreated).not.toHaveBeenCalled();

  await act(async () => accept.resolve(TURN));
  expect(sent).toHaveBeenCalledExactlyOnceWith(
    expect.objectContaining({ content: "How high?", sessionId: undefined }),
  );
  expect(onCreated).toHaveBeenCalledExactlyOnceWith("CH-000001");
  expect(server.actions["chat/generation:generateReply"]).toHaveBeenCalledExactlyOnceWith({
    messageId: "a1",
  });
});

test("a refused question returns to the composer with the reason, and is sent again under its key", async () => {
  const message = "You have 1 credit left and a message costs 3. Nothing was charged.";
  const sent = vi
    .fn()
    .mockRejectedValueOnce(new ConvexError({ code: "INSUFFICIENT_CREDITS", message }));
  sent.mockResolvedValueOnce(TURN);
  server.mutations["chat/messages:sendChatMessage"] = sent;
  render(conversation("CH-000001"));

  await send("How high?");
  await waitFor(() => expect(screen.getByRole("alert").textContent).toContain(message));
  expect(screen.getByRole("link", { name: "Get more credits" })).toBeTruthy();
  expect(field().value).toBe("How high?");
  expect(screen.queryByRole("article")).toBeNull();

  fireEvent.click(screen.getByRole("button", { name: "Send message" }));
  await waitFor(() => expect(sent).toHaveBeenCalledTimes(2));
  const keys = sent.mock.calls.map(([args]) => args.clientKey);
  expect(keys[0]).toBe(keys[1]);
  expect(screen.queryByRole("alert")).toBeNull();
});

test("an answer grows and ends in the same element", async () => {
  render(conversation("CH-000001"));
  stream("Two");
  await waitFor(() => expect(answer().textContent).toContain("Two"));
  const element = answer();
  const paragraph = element.querySelector("p");
  stream("Two metres");
  await waitFor(() => expect(element.textContent).toContain("Two metres"));
  expect(element.getAttribute("aria-busy")).toBe("true");

  server.answer("chat/messages:listMessages", () => turn("complete", "Two metres high."));
  server.answer("chat/streams:streamPage", () => null);
  act(() => server.update());
  expect(answer()).toBe(element);
  expect(element.querySelector("p")).toBe(paragraph);
  expect(paragraph?.textContent).toBe("Two metres high.");
  expect(element.getAttribute("aria-busy")).toBe("false");
});

test("stop keeps what was seen, here and on the server", async () => {
  const stopped = vi.fn(async () => null);
  server.mutations["chat/messages:stopMessage"] = stopped;
  render(conversation("CH-000001"));
  stream("Two met");
  await waitFor(() => expect(answer().textContent).toContain("Two met"));

  fireEvent.click(screen.getByRole("button", { name: "Stop generating" }));
  expect(stopped).toHaveBeenCalledExactlyOnceWith({ messageId: "a1", seenLength: 7 });
  stream("Two metres high, and");
  expect(answer().textContent).toBe("Two met");
});

test("an answer that ended before its stop arrived is shown as it was kept", async () => {
  server.mutations["chat/messages:stopMessage"] = async () => null;
  render(conversation("CH-000001"));
  stream("Two met");
  await waitFor(() => expect(answer().textContent).toContain("Two met"));
  fireEvent.click(screen.getByRole("button", { name: "Stop generating" }));
  server.answer("chat/messages:listMessages", () => turn("complete", "Two metres high."));
  act(() => server.update());
  expect(answer().textContent).toContain("Two metres high.");
});

test("a failed answer keeps its text, says why, and is asked for again once", async () => {
  const error = { code: "CUT_OFF", message: "The connection was lost. Try again." };
  server.answer("chat/messages:listMessages", () => turn("failed", "Two met", { error }));
  const retried = vi.fn<(args: Record<string, unknown>) => Promise<typeof TURN>>();
  retried.mockResolvedValue({ ...TURN, answerId: "a2" });
  server.mutations["chat/versions:regenerateMessage"] = retried;
  render(conversation("CH-000001"));

  await waitFor(() => expect(answer().textContent).toContain(error.message));
  expect(answer().textContent).toContain("Two met");
  const button = screen.getByRole("button", { name: "Try again" });
  fireEvent.click(button);
  fireEvent.click(button);
  await waitFor(() =>
    expect(server.actions["chat/generation:generateReply"]).toHaveBeenCalledWith({
      messageId: "a2",
    }),
  );
  expect(retried).toHaveBeenCalledTimes(1);
});

test("the focus of a button that goes away as an answer begins goes to the composer", async () => {
  server.answer("chat/messages:listMessages", () => turn("complete", "Two metres."));
  server.mutations["chat/versions:regenerateMessage"] = vi.fn(async () => TURN);
  render(conversation("CH-000001"));
  await waitFor(() => expect(document.activeElement).toBe(field()));
  const button = await screen.findByRole("button", { name: "Regenerate" });
  button.focus();
  fireEvent.click(button);
  server.answer("chat/messages:listMessages", () => turn("pending"));
  act(() => server.update());
  expect(document.activeElement).toBe(field());
});

test("a question is edited in its place, and what was typed outlives a refusal", async () => {
  server.answer("chat/messages:listMessages", () => turn("complete", "Two metres."));
  const message = "The last answer in this chat is still being written.";
  const edited = vi
    .fn()
    .mockRejectedValueOnce(new ConvexError({ code: "ANSWER_RUNNING", message }));
  edited.mockResolvedValueOnce({ ...TURN, answerId: "a2" });
  server.mutations["chat/versions:editMessage"] = edited;
  render(conversation("CH-000001"));

  fireEvent.click(await screen.findByRole("button", { name: "Edit message" }));
  const editor = screen.getByRole<HTMLTextAreaElement>("textbox", { name: "Edit your message" });
  expect(editor.value).toBe("How high?");
  fireEvent.change(editor, { target: { value: "How low?" } });
  fireEvent.keyDown(editor, { key: "Enter" });
  await waitFor(() => expect(screen.getByRole("alert").textContent).toBe(message));
  expect(editor.value).toBe("How low?");

  fireEvent.click(screen.getByRole("button", { name: /^Send · 3 credits/ }));
  await waitFor(() => expect(screen.queryByRole("textbox", { name: /^Edit/ })).toBeNull());
  expect(edited).toHaveBeenLastCalledWith(
    expect.objectContaining({ messageId: "q1", content: "How low?" }),
  );
});

test("versions are stepped through, and none can be changed while an answer is written", async () => {
  const versions = { version: 2, versionCount: 3 };
  server.answer("chat/messages:listMessages", () => turn("complete", "Two metres.", versions));
  const shown = vi.fn(async () => null);
  server.mutations["chat/versions:showVersion"] = shown;
  render(conversation("CH-000001"));
  fireEvent.click(await screen.findByRole("button", { name: "Previous version" }));
  await waitFor(() =>
    expect(shown).toHaveBeenCalledExactlyOnceWith({ messageId: "a1", version: 1 }),
  );
  expect(answer().textContent).toContain("2/3");

  server.answer("chat/messages:listMessages", () => turn("streaming", "", versions));
  act(() => server.update());
  expect(screen.queryByRole("button", { name: "Regenerate" })).toBeNull();
  expect(screen.getByRole<HTMLButtonElement>("button", { name: "Edit message" }).disabled).toBe(
    true,
  );
});

test("a cut answer goes on in the same element", async () => {
  const error = { code: "CUT_OFF", message: "The connection was lost." };
  server.answer("chat/messages:listMessages", () => turn("failed", "Two met", { error }));
  const continued = vi.fn(async () => ({ ...TURN, answerId: "a2" }));
  server.mutations["chat/versions:continueMessage"] = continued;
  render(conversation("CH-000001"));
  fireEvent.click(await screen.findByRole("button", { name: "Continue" }));
  await waitFor(() => expect(continued).toHaveBeenCalledTimes(1));
  const element = answer();

  const cut = turn("failed", "Two met", { error });
  const more = { ...cut.page[0], _id: "a2", parentId: "a1", status: "streaming", content: "" };
  server.answer("chat/messages:listMessages", () => onePage([more, ...cut.page]));
  server.answer("chat/streams:streamState", () => ({ pages: 1 }));
  server.answer("chat/streams:streamPage", ({ page }) => (page === 0 ? "res high." : null));
  act(() => server.update());
  expect(answer()).toBe(element);
  await waitFor(() => expect(element.querySelector("p")?.textContent).toBe("Two metres high."));
});

test("a question that was on its way when the page closed comes back, unless it arrived", async () => {
  store.drafts.startSend("CH-000001", { text: "How high?", ...BESIDES, clientKey: "key" });
  render(conversation("CH-000001"));
  await waitFor(() => expect(field().value).toBe("How high?"));
  expect(screen.getByRole("alert").textContent).toContain("counts only once");
  cleanup();

  localStorage.clear();
  reopenAs("ana");
  store.drafts.startSend("CH-000001", { text: "How high?", ...BESIDES, clientKey: "key" });
  server.answer("chat/messages:listMessages", () => turn("complete", "Two metres."));
  render(conversation("CH-000001"));
  await waitFor(() => expect(answer().textContent).toContain("Two metres."));
  expect(field().value).toBe("");
  expect(store.drafts.unsettled("CH-000001")).toEqual([]);
});

test("an address that leads nowhere says so", async () => {
  server.answer("chat/sessions:getSession", () => null);
  render(conversation("CH-000009"));
  await waitFor(() => expect(screen.getByText("absent")).toBeTruthy());
});

test("nobody is said to think about a question that the server does not have yet", async () => {
  const accept = Promise.withResolvers<typeof TURN>();
  server.mutations["chat/messages:sendChatMessage"] = () => accept.promise;
  render(conversation("CH-000001"));
  await send("How high?");
  await screen.findByText("Sending…");
  expect(screen.queryByRole("img", { name: "Thinking" })).toBeNull();
  await act(async () => accept.resolve(TURN));
  expect(screen.queryByText("Sending…")).toBeNull();
  expect(screen.getByRole("img", { name: "Thinking" })).toBeTruthy();
});
