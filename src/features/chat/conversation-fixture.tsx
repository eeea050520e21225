import { QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, fireEvent, screen, waitFor } from "@testing-library/react";
import { ConvexProvider } from "convex/react";
import { MemoryRouter } from "react-router";
import { afterEach, beforeEach, expect, vi } from "vitest";
import { FakeConvex, onePage } from "../../lib/fake-convex";
import { queryClientOver } from "../../lib/query-client";
import { type ChatStore, newChatStore } from "./chat-store";
import { Conversation } from "./conversation";
import { loadMarkdown } from "./markdown/markdown";

/** What the server says to a message that it took. */
export const TURN = { sessionId: "s1", displayId: "CH-000001", answerId: "a1" };

/** What each test of a file that calls `meetServer` finds anew. */
export let server: FakeConvex;
export let store: ChatStore;
let queries: ReturnType<typeof queryClientOver>;

/** Before each test of the file: a server with one empty chat, and a page that kept nothing. */
export function meetServer(): void {
  beforeEach(async () => {
    await loadMarkdown();
    store = newChatStore("ana");
    server = new FakeConvex();
    queries = queryClientOver(server.client);
    const session = { _id: "s1", displayId: "CH-000001", title: "Tides" };
    server.answer("chat/sessions:getSession", () => session);
    server.answer("chat/messages:listMessages", () => onePage([]));
    server.answer("chat/queue:listQueue", () => []);
    server.answer("credits/usage:current", () => ({ unlimited: false }));
    const settings = { models: ["o4-mini"], model: "o4-mini", includesContext: false };
    server.answer("account/settings:getSettings", () => settings);
    server.answer("chat/streams:streamState", () => undefined);
    server.answer("chat/streams:streamPage", () => undefined);
    server.actions["chat/generation:generateReply"] = vi.fn(async () => null);
  });
  afterEach(() => {
    cleanup();
    localStorage.clear();
  });
}

/** Reads what the browser keeps of that person's chats, as a page does that is opened. */
export function reopenAs(person: string): void {
  store = newChatStore(person);
}

export function conversation(displayId: string | null, onCreated = vi.fn()) {
  return (
    <MemoryRouter>
      <ConvexProvider client={server.client}>
        <QueryClientProvider client={queries}>
          <Conversation
            store={store}
            chatKey={store.keys.keyOf(displayId)}
            displayId={displayId}
            onCreated={onCreated}
            wanted={null}
            isReading={false}
            footer={null}
            absent={<p>absent</p>}
          />
        </QueryClientProvider>
      </ConvexProvider>
    </MemoryRouter>
  );
}

export const field = () => screen.getByRole<HTMLTextAreaElement>("textbox", { name: "Message" });
export const answer = () => screen.getByRole("article", { name: "Assistant message" });

export async function send(text: string) {
  fireEvent.change(field(), { target: { value: text } });
  const button = screen.getByRole<HTMLButtonElement>("button", { name: "Send message" });
  await waitFor(() => expect(button.disabled).toBe(false));
  fireEvent.click(button);
}

/** One turn as the server lists it, newest first. */
export function turn(status: string, content = "", more = {}) {
  const common = {
    tokens: null,
    creditsUsed: 3,
    timestamp: 0,
    error: null,
    feedback: null,
    attachments: [],
  };
  const alone = { version: 1, versionCount: 1 };
  const question = {
    _id: "q1",
    parentId: null,
    role: "user",
    content: "How high?",
    status: "complete",
  };
  const reply = { _id: "a1", parentId: "q1", role: "assistant", content, status, ...more };
  return onePage([
    { ...common, ...alone, clientKey: "key", ...reply },
    { ...common, ...alone, clientKey: "key", ...question },
  ]);
}

/** The server shows a running answer of this text. */
export function stream(text: string) {
  server.answer("chat/messages:listMessages", () => turn("streaming"));
  server.answer("chat/streams:streamState", () => ({ pages: 1 }));
  server.answer("chat/streams:streamPage", ({ page }) => (page === 0 ? text : null));
  act(() => server.update());
}
