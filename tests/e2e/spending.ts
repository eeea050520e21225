import { randomUUID } from "node:crypto";
import { ConvexHttpClient } from "convex/browser";
import { generateReply, sendChatMessage, signInWithPassword } from "../bench/convex-functions.ts";
import type { Person } from "./person.ts";

const FREE_CREDITS = 100;
const SEND_CREDITS = 3;

/** A question with a short answer that comes at once. */
export function modelQuestion(about: string): string {
  return `hello: ${about}, at 5000 tokens a second`;
}

/** Makes the person's account and sends messages, each in a chat of its own, until so much is left. */
export async function spendAllBut(
  convexUrl: string,
  { email, password }: Person,
  credits: number,
): Promise<void> {
  const client = new ConvexHttpClient(convexUrl);
  const params = { email, password, flow: "signUp" } as const;
  const { tokens } = await client.action(signInWithPassword, { provider: "password", params });
  client.setAuth(tokens?.token ?? "");
  const sends = Math.floor((FREE_CREDITS - credits) / SEND_CREDITS);
  for (let sent = 0; sent < sends; sent += 1) {
    const send = { content: modelQuestion(`number ${sent}`), clientKey: randomUUID() };
    const { answerId } = await client.mutation(sendChatMessage, send);
    await client.action(generateReply, { messageId: answerId });
  }
}
