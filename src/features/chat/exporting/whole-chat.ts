import type { ConvexReactClient } from "convex/react";
import { api } from "../../../../convex/_generated/api";
import type { Message, Session } from "../message";
import type { WholeChat } from "./formats";

const PAGE_SIZE = 50;

/** Reads all of a chat's messages, a page after the other. */
export async function readWholeChat(
  convex: ConvexReactClient,
  session: Session,
): Promise<WholeChat> {
  const newestFirst: Message[] = [];
  let cursor: string | null = null;
  for (;;) {
    const paginationOpts = { numItems: PAGE_SIZE, cursor };
    const args = { sessionId: session._id, paginationOpts };
    const result: { page: Message[]; isDone: boolean; continueCursor: string } = await convex.query(
      api.chat.messages.listMessages,
      args,
    );
    newestFirst.push(...result.page);
    if (result.isDone) return { session, messages: newestFirst.toReversed() };
    cursor = result.continueCursor;
  }
}
