import {
  ConvexCredentials,
  type ConvexCredentialsUserConfig,
} from "@convex-dev/auth/providers/ConvexCredentials";
import { Password } from "@convex-dev/auth/providers/Password";
import { retrieveAccount } from "@convex-dev/auth/server";
import type { GenericActionCtx } from "convex/server";
import type { DataModel } from "../_generated/dataModel";
import { appError } from "../lib/errors";
import { forgiveRate, limitRate, tooMany } from "../lib/rateLimits";
import { MINUTE_MS } from "../lib/time";
import { PASSWORD_MIN_CHARACTERS } from "./limits";

/** Hashing takes time with the length; nobody types more than this. */
const PASSWORD_MAX_CHARACTERS = 256;
const EMAIL_MAX_CHARACTERS = 254;
/** The library allows ten wrong passwords an hour too, and does not tell when the next one is. */
const LIBRARY_RETRY_MS = 6 * MINUTE_MS;

/**
 * Convex Auth's password provider, whose refusals are sentences that reach the person. The
 * library throws plain errors, and Convex hides those in production.
 *
 * @throws INVALID_EMAIL, WEAK_PASSWORD, WRONG_CREDENTIALS (the same for an unknown email and a
 * wrong password), EMAIL_TAKEN, TOO_MANY_REQUESTS
 */
export function passwordProvider() {
  const { options } = Password<DataModel>({
    // Below it has become that of an account.
    profile: ({ email }) => ({ email: String(email) }),
    validatePasswordRequirements,
  }) as unknown as { options: ConvexCredentialsUserConfig<DataModel> };

  return ConvexCredentials<DataModel>({
    ...options,
    authorize: async (credentials, ctx) => {
      requireText(credentials.password);
      const email = normaliseEmail(credentials.email);
      const isNew = credentials.flow === "signUp";
      if (isNew) await limitRate(ctx, "signUp");
      else await limitRate(ctx, "signIn", email);
      if (isNew && (await isTaken(ctx, email))) throw emailTaken();
      const kept = isNew ? email : await keptEmail(ctx, credentials.email, email);
      try {
        const entered = await options.authorize({ ...credentials, email: kept }, ctx);
        if (!isNew) await forgiveRate(ctx, "signIn", email);
        return entered;
      } catch (error) {
        throw refusal(error, "The email or the password is not right.");
      }
    },
  });
}

/**
 * In lower case, and without what nobody sees: a copied address may come with a zero-width space or a
 * mark of direction. So one mailbox is one account.
 */
export function mailboxOf(email: string): string {
  return email.normalize("NFC").replace(/\p{C}/gu, "").trim().toLowerCase();
}

/** @throws INVALID_EMAIL */
export function normaliseEmail(email: unknown): string {
  const normalised = typeof email === "string" ? mailboxOf(email) : "";
  if (
    normalised.length > EMAIL_MAX_CHARACTERS ||
    !/^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/.test(normalised)
  ) {
    throw appError("INVALID_EMAIL", "Enter a full email address, such as name@example.com.");
  }
  return normalised;
}

/** Whether an account may get this password. @throws WEAK_PASSWORD */
export function validatePasswordRequirements(password: string): void {
  if (password.length < PASSWORD_MIN_CHARACTERS) {
    throw appError(
      "WEAK_PASSWORD",
      `Choose a password of at least ${PASSWORD_MIN_CHARACTERS} characters.`,
    );
  }
  refuseTooLong(password);
}

function requireText(password: unknown): void {
  if (typeof password !== "string" || password === "") {
    throw appError("WRONG_CREDENTIALS", "Enter your password.");
  }
  refuseTooLong(password);
}

/** What may be set is what can be entered: one limit for both. @throws WEAK_PASSWORD */
function refuseTooLong(password: string): void {
  if (password.length > PASSWORD_MAX_CHARACTERS) {
    throw appError(
      "WEAK_PASSWORD",
      `A password has at most ${PASSWORD_MAX_CHARACTERS} characters.`,
    );
  }
}

/**
 * Whether there is an account with this email. The library does not ask: it signs a person in who
 * signs up again with the right password. Whoever meant to make an account should know that there
 * is one.
 */
async function isTaken(ctx: GenericActionCtx<DataModel>, email: string): Promise<boolean> {
  const account = { provider: "password", account: { id: email } };
  return await retrieveAccount(ctx, account).then(
    () => true,
    (error: unknown) => {
      if (error instanceof Error && error.message === "InvalidAccountId") return false;
      throw error;
    },
  );
}

/**
 * The email that an account is kept under: as it was typed, for one of a time when what nobody sees
 * counted, and otherwise its mailbox.
 */
async function keptEmail(
  ctx: GenericActionCtx<DataModel>,
  email: unknown,
  mailbox: string,
): Promise<string> {
  const typed = String(email).trim().toLowerCase();
  return typed !== mailbox && (await isTaken(ctx, typed)) ? typed : mailbox;
}

function emailTaken() {
  return appError("EMAIL_TAKEN", "There is already an account with this email. Sign in instead.");
}

/**
 * The library tells its refusals apart by their text alone.
 *
 * @param wrong what is said of a password that is not right
 */
export function refusal(error: unknown, wrong: string): unknown {
  const text = error instanceof Error ? error.message : "";
  if (text === "InvalidAccountId" || text === "InvalidSecret") {
    return appError("WRONG_CREDENTIALS", wrong);
  }
  if (text === "TooManyFailedAttempts") {
    return tooMany("signIn", LIBRARY_RETRY_MS);
  }
  if (/\bAccount \S+ already exists/.test(text)) {
    return emailTaken();
  }
  return error;
}
