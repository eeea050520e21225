import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { api } from "../../convex/_generated/api";
import type { Id } from "../../convex/_generated/dataModel";
import { appClient } from "./app-client";

/** What the page sends. */
let sent: string[];

/** A line that opens and says nothing. */
class Line {
  onopen?: () => void;

  constructor() {
    queueMicrotask(() => this.onopen?.());
  }

  send(message: string) {
    sent.push(message);
  }

  close() {}
}

beforeEach(() => {
  sent = [];
  vi.stubGlobal("WebSocket", Line);
});
afterEach(() => void vi.unstubAllGlobals());

test("half a surrogate pair does not leave the page", async () => {
  const client = appClient("http://127.0.0.1:1");
  const sessionId = "s" as Id<"chatSessions">;
  const attachments = [{ name: "🙂", text: "half \ud83d" }];
  const message = { sessionId, content: "half \ud83d", clientKey: "k", attachments };
  void client.mutation(api.chat.queue.queueMessage, message);
  void client.action(api.account.settings.changePassword, { current: "\ude42", next: "x" });
  client.watchQuery(api.chat.search.search, { query: "a\ud83d" }).onUpdate(() => undefined);
  const arrived = (name: string) => sent.find((each) => each.includes(name));
  await vi.waitFor(() => {
    for (const name of ["queueMessage", "changePassword", "search:search"]) {
      expect(arrived(name)).toMatch(/\ufffd/);
    }
  });
  expect(sent.join("")).not.toMatch(/\\ud/);
  expect(arrived("queueMessage")).toContain("🙂");
});
