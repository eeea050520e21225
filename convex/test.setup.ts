/// <reference types="vite/client" />
import rateLimiter from "@convex-dev/rate-limiter/test";
import { convexTest } from "convex-test";
import { internal } from "./_generated/api";
import type { Id } from "./_generated/dataModel";
import type { Chunk } from "./chat/writer";
import schema from "./schema";

const modules = import.meta.glob(["./**/*.ts", "./**/*.js", "!./**/*.*.ts"]);

/**
 * A fresh deployment in memory, with these functions and nothing stored.
 *
 * @param transactionLimits whether a transaction may read and write no more than Convex lets it
 */
export function freshDeployment({ transactionLimits = false } = {}) {
  const deployment = convexTest({ schema, modules, transactionLimits });
  rateLimiter.register(deployment);
  return deployment;
}

export type Deployment = ReturnType<typeof freshDeployment>;

/** A person with an account, and what the person may call. */
export async function signUp(deployment: Deployment, email = "ada@example.com") {
  const userId = await deployment.run((ctx) => ctx.db.insert("users", { email }));
  const session = { userId, expirationTime: Date.now() };
  const sessionId = await deployment.run((ctx) => ctx.db.insert("authSessions", session));
  // Convex Auth's subject: the person, and the session that is open.
  const as = deployment.withIdentity({ subject: `${userId}|${sessionId}` });
  return { userId, sessionId, as };
}

export type Person = Awaited<ReturnType<typeof signUp>>;

/**
 * Starts an answer as its writer does. Gives what appends to it: from the first page on, as for a
 * writer that never heard an answer, or from a page that it did hear of.
 */
export async function startWriting(deployment: Deployment, messageId: Id<"chatMessages">) {
  const { startStreamingMessage, appendStreamChunk } = internal.chat.streams;
  const args = { messageId, caller: null };
  const assigned = await deployment.mutation(startStreamingMessage, args);
  if (assigned === null) throw new Error("This answer is not to be written.");
  const { page: firstPage, lease } = assigned;
  return (chunk: Chunk | null, page = firstPage) =>
    deployment.mutation(appendStreamChunk, { page, lease, chunk, asksBeside: true });
}
