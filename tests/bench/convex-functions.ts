import { makeFunctionReference, type FunctionReference } from "convex/server";

// The product's public functions as any client may call them, by their names on the wire.

type Id = string;

interface Turn {
  readonly sessionId: Id;
  readonly displayId: string;
  readonly answerId: Id;
}

interface Message {
  readonly _id: Id;
  readonly content: string;
  readonly status: string;
}

export const signInWithPassword: FunctionReference<
  "action",
  "public",
  { provider: "password"; params: { email: string; password: string; flow: "signUp" | "signIn" } },
  { tokens?: { token: string } | null }
> = makeFunctionReference("auth:signIn");

export const sendChatMessage: FunctionReference<
  "mutation",
  "public",
  { content: string; clientKey: string },
  Turn
> = makeFunctionReference("chat/messages:sendChatMessage");

export const stopMessage: FunctionReference<
  "mutation",
  "public",
  { messageId: Id; seenLength: number },
  null
> = makeFunctionReference("chat/messages:stopMessage");

export const generateReply: FunctionReference<"action", "public", { messageId: Id }, null> =
  makeFunctionReference("chat/generation:generateReply");

export const streamState: FunctionReference<
  "query",
  "public",
  { messageId: Id },
  { pages: number }
> = makeFunctionReference("chat/streams:streamState");

export const streamPage: FunctionReference<
  "query",
  "public",
  { messageId: Id; page: number },
  string | null
> = makeFunctionReference("chat/streams:streamPage");

export const listMessages: FunctionReference<
  "query",
  "public",
  { sessionId: Id; paginationOpts: { numItems: number; cursor: string | null } },
  { page: Message[] }
> = makeFunctionReference("chat/messages:listMessages");
