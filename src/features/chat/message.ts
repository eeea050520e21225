import type { FunctionReturnType } from "convex/server";
import type { api } from "../../../convex/_generated/api";

/** A message as the server shows it to its owner. */
export type Message = FunctionReturnType<typeof api.chat.messages.listMessages>["page"][number];

/** A session as the server shows it to its owner. */
export type Session = FunctionReturnType<typeof api.chat.sessions.listSessions>["page"][number];

/** Whether words may still come. */
export function isRunning({ status }: Pick<Message, "status">): boolean {
  return status === "pending" || status === "streaming";
}
