import type { Doc, Id } from "../_generated/dataModel";
import type { MutationCtx, QueryCtx } from "../_generated/server";
import { refund } from "../credits/ledger";
import { isBlank } from "../lib/characters";
import { owned } from "../lib/functions";
import { type FailureCode, failureSentence } from "./failures";
import { closeLease } from "./leases";
import { type EndStatus, markEnded } from "./marks";
import { sendNextSoon } from "./queueRows";
import { deleteStream } from "./streamText";

type Answer = Doc<"chatMessages">;

/** Whether an answer broke off in a way that the model may simply go on from. */
export function isContinuable({ status, content, error }: Answer): boolean {
  if (isBlank(content)) return false;
  return status === "stopped" || (status === "failed" && error?.code !== "CONTENT_FILTERED");
}

/** How an answer ends, with the text that stays. */
export type Ending =
  | { kind: "complete"; content: string; tokens: Answer["tokens"] }
  | { kind: "stopped"; content: string }
  | { kind: "failed"; content: string; code: FailureCode; tokens: Answer["tokens"] };

/** Whether the answer is still to be written, or being written. */
export function isRunning(message: Answer): boolean {
  return message.status === "pending" || message.status === "streaming";
}

/**
 * Ends an answer, once: an answer that has ended stays as it is. In the caller's transaction the
 * final text takes the place of the stream's pages, and the credits go back when it ends without
 * any, for whatever reason. A stopped or failed answer with text keeps its charge. After
 * a complete one the next message of the queue is sent; after another the person decides.
 *
 * @returns whether it was this call that ended it
 */
export async function finish(ctx: MutationCtx, answer: Answer, ending: Ending): Promise<boolean> {
  if (!isRunning(answer)) return false;
  const anyText = !isBlank(ending.content);
  const creditsUsed = anyText ? answer.creditsUsed : 0;
  if (!anyText) await refund(ctx, answer.userId, `message:${answer._id}`);

  const result = outcome(ending, anyText, creditsUsed);
  await ctx.db.patch("chatMessages", answer._id, {
    content: ending.content,
    creditsUsed,
    ...result,
  });
  await deleteStream(ctx, answer._id);
  await closeLease(ctx, answer._id);
  await markEnded(ctx, answer.sessionId, result.status);
  if (result.status === "complete") await sendNextSoon(ctx, answer.sessionId);
  return true;
}

function outcome(
  ending: Ending,
  anyText: boolean,
  creditsKept: number,
): Pick<Answer, "error" | "tokens"> & { status: EndStatus } {
  if (ending.kind === "stopped") return { status: "stopped", error: null, tokens: null };
  if (ending.kind === "failed") {
    const cutBeforeText = ending.code === "LENGTH_LIMIT" && !anyText;
    return failed(cutBeforeText ? "ONLY_REASONING" : ending.code, creditsKept, ending.tokens);
  }
  if (!anyText) return failed("EMPTY_ANSWER", creditsKept, ending.tokens);
  return { status: "complete", error: null, tokens: ending.tokens };
}

function failed(code: FailureCode, creditsKept: number, tokens: Answer["tokens"]) {
  const error = { code, message: failureSentence(code, creditsKept) };
  return { status: "failed" as const, error, tokens };
}

/** The answer, unless it is gone: its session may have been deleted while it was being written. */
export async function answerOf(
  ctx: MutationCtx,
  messageId: Id<"chatMessages">,
): Promise<Answer | null> {
  const message = await ctx.db.get("chatMessages", messageId);
  return message?.role === "assistant" ? message : null;
}

/** @throws NOT_FOUND, for what is no answer or not the person's own */
export async function ownAnswer(
  ctx: QueryCtx,
  userId: Id<"users">,
  messageId: Id<"chatMessages">,
): Promise<Answer> {
  const message = await ctx.db.get("chatMessages", messageId);
  const answer = message?.role === "assistant" ? message : null;
  return owned(answer, userId, "There is no such answer.");
}
