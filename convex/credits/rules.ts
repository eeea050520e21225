/**
 * What things cost and how credits are spent, as pure rules that the page and the server share.
 * Amounts are whole credits; months are calendar months in UTC; times are Unix milliseconds.
 */

/** Credits that each thing costs. */
export const COSTS = { chatMessage: 3, projectDraft: 15, pageRead: 5 } as const;

/** Free credits that a person has at the start of each month. */
export const MONTHLY_FREE_CREDITS = 100;

/**
 * How many rows of the ledger are read at once. Of each that pays for an answer the answer is read,
 * which may have 600 kB, and a transaction reads 16 MiB at most.
 */
export const HISTORY_ROWS_MAX = 25;

/** What a person holds, by where it came from. Monthly credits end with the month. */
export interface Balance {
  readonly monthly: number;
  readonly purchased: number;
}

/** All credits to spend. */
export const total = ({ monthly, purchased }: Balance): number => monthly + purchased;

/**
 * How a charge is taken: from the monthly part first, because it would be lost, then from the
 * purchased part. `null` when both together do not suffice.
 */
export function splitCharge(balance: Balance, cost: number): Balance | null {
  if (total(balance) < cost) return null;
  const monthly = Math.min(balance.monthly, cost);
  return { monthly, purchased: cost - monthly };
}

/**
 * What a refund gives back: each part what it paid. Monthly credits of an earlier month are not
 * given back, because the new month has already renewed them.
 */
export function refundOf(charge: Balance, chargedAt: number, now: number): Balance {
  return {
    monthly: sameMonth(chargedAt, now) ? charge.monthly : 0,
    purchased: charge.purchased,
  };
}

/** The first instant of the UTC month of `time`. */
export function monthStart(time: number): number {
  const date = new Date(time);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
}

/** The first instant of the UTC month after that of `time`: when monthly credits renew. */
export function nextReset(time: number): number {
  const date = new Date(time);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
}

/** Whether a month has begun since `lastReset`. A clock that steps back begins none. */
export function resetIsDue(lastReset: number, now: number): boolean {
  return monthStart(now) > monthStart(lastReset);
}

/** What a person holds in a month that has begun, until the first action in it. */
export function atMonthStart(purchased: number) {
  const together = MONTHLY_FREE_CREDITS + purchased;
  return {
    creditsRemaining: together,
    creditsTotal: together,
    monthlyRemaining: MONTHLY_FREE_CREDITS,
    purchased,
  };
}

/** `2026-11`: the UTC month of `time`, to name what happens once a month. */
export function monthKey(time: number): string {
  return new Date(time).toISOString().slice(0, 7);
}

function sameMonth(a: number, b: number): boolean {
  return monthStart(a) === monthStart(b);
}
