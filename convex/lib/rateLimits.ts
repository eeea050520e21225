import { type ActionCtx, type MutationCtx, RateLimiter } from "@convex-dev/rate-limiter";
import { components } from "../_generated/api";
import { appError } from "./errors";
import { HOUR_MS, MINUTE_MS, SECOND_MS } from "./time";

/**
 * How often things may be done that cost something: credits, a model's work, or the hashing of a
 * password. A bucket holds `capacity` and fills at `rate` a `period`; what is named "by" something
 * has a bucket for each.
 */
const LIMITS = {
  /** By person: sending, editing, asking again and continuing. */
  chatMessage: { kind: "token bucket", rate: 30, period: MINUTE_MS, capacity: 40 },
  /** By person. */
  projectDraft: { kind: "token bucket", rate: 6, period: MINUTE_MS, capacity: 10 },
  /** By person. */
  pageRead: { kind: "token bucket", rate: 10, period: MINUTE_MS, capacity: 10 },
  /** By the website that is read, whoever asks: others should not suffer from us. */
  pageHost: { kind: "token bucket", rate: 20, period: MINUTE_MS, capacity: 20 },
  /** By person: each is a call to the payment service. */
  checkout: { kind: "token bucket", rate: 10, period: MINUTE_MS, capacity: 10 },
  /** By person: each asks the payment service twice. */
  settle: { kind: "token bucket", rate: 20, period: MINUTE_MS, capacity: 20 },
  /** By email, for passwords that are entered; a right one fills the bucket again. */
  signIn: { kind: "token bucket", rate: 10, period: HOUR_MS, capacity: 10 },
  /** Together for all, because whoever makes accounts in numbers is nobody yet. */
  signUp: { kind: "token bucket", rate: 60, period: MINUTE_MS, capacity: 120 },
} as const;

type Limit = keyof typeof LIMITS;

const NOTHING_CHARGED = "Nothing was charged.";

/** What the person did too often, and what it did not cost. */
const WORDS: Readonly<Record<Limit, readonly [what: string, charged?: string]>> = {
  chatMessage: ["That was very many messages at once.", NOTHING_CHARGED],
  projectDraft: ["That was very many drafts at once.", NOTHING_CHARGED],
  pageRead: ["That was very many pages at once.", NOTHING_CHARGED],
  pageHost: ["Very many pages of this site are being read right now.", NOTHING_CHARGED],
  checkout: ["That was very many checkouts at once.", NOTHING_CHARGED],
  settle: ["Your purchases were looked up very often just now.", NOTHING_CHARGED],
  signIn: ["Too many wrong passwords."],
  signUp: ["Very many accounts are being made right now."],
};

const limiter = new RateLimiter(components.rateLimiter, LIMITS);

/**
 * Counts one use against a limit, in the caller's transaction: what fails later was no use.
 *
 * @param key whose bucket it is, where the limit has one for each
 * @throws TOO_MANY_REQUESTS with `retryAfterMs`, and a sentence that names that time
 */
export async function limitRate(
  ctx: MutationCtx | ActionCtx,
  limit: Limit,
  key?: string,
): Promise<void> {
  const { ok, retryAfter = 0 } = await limiter.limit(ctx, limit, { key });
  if (!ok) throw tooMany(limit, retryAfter);
}

/** Fills the bucket again. */
export async function forgiveRate(
  ctx: MutationCtx | ActionCtx,
  limit: Limit,
  key: string,
): Promise<void> {
  await limiter.reset(ctx, limit, { key });
}

/** @param retryAfterMs until one more is allowed */
export function tooMany(limit: Limit, retryAfterMs: number) {
  const [what, charged] = WORDS[limit];
  const sentences = [what, `Try again in ${duration(retryAfterMs)}.`, charged];
  const message = sentences.filter((sentence) => sentence !== undefined).join(" ");
  return appError("TOO_MANY_REQUESTS", message, { retryAfterMs: Math.ceil(retryAfterMs) });
}

/** In words, never shorter than it is: seconds up to a minute and a half, then minutes. */
export function duration(ms: number): string {
  const isLong = ms > 1.5 * MINUTE_MS;
  const count = Math.max(1, Math.ceil(ms / (isLong ? MINUTE_MS : SECOND_MS)));
  const unit = isLong ? "minute" : "second";
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}
