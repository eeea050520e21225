import { newAccount } from "../bench/subscriber.ts";

/** Somebody who is signed in. */
export interface Account {
  readonly userId: string;
  readonly token: string;
}

/** Makes an account by the product's own sign-up. */
export async function signUp(convexUrl: string): Promise<Account> {
  const token = await newAccount(convexUrl);
  const payload = Buffer.from(token.split(".")[1] ?? "", "base64url").toString();
  const { sub } = JSON.parse(payload) as { sub: string };
  return { token, userId: sub.split("|")[0] ?? "" };
}
