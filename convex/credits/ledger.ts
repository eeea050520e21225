import { internal } from "../_generated/api";
import type { Doc, Id } from "../_generated/dataModel";
import type { MutationCtx } from "../_generated/server";
import { appError } from "../lib/errors";
import { isUnlimited, record, renewed, rowOf, usageOf } from "./books";
import { type Balance, nextReset, refundOf, splitCharge, total } from "./rules";
import { type ChargeSubject, type InvoiceSubject, keys } from "./subjects";

// Every way in which a balance changes, each in the transaction of what it belongs to. None of them
// can be called by a client: they are plain functions, and what calls them decides who may.

/** What a Pro charge takes. */
const NOTHING: Balance = { monthly: 0, purchased: 0 };

/**
 * Takes `cost` credits for `subject`, in the caller's transaction. The month's credits are renewed
 * first when a month has begun. A second charge for the same subject takes nothing. On Pro the
 * charge is recorded with amount 0.
 *
 * @returns the credits taken, now or by the first charge for this subject
 * @throws INSUFFICIENT_CREDITS with `cost`, `balance` and `nextResetAt`
 */
export async function charge(
  ctx: MutationCtx,
  userId: Id<"users">,
  subject: ChargeSubject,
  cost: number,
): Promise<number> {
  const earlier = await rowOf(ctx, keys.charge(subject));
  return earlier === null ? await chargeNew(ctx, userId, subject, cost) : 0 - earlier.amount;
}

/**
 * `charge` for something that was inserted in this very transaction: nothing can have been charged
 * for it before, so the ledger is not asked. It is what a send waits for.
 *
 * @returns the credits taken
 * @throws INSUFFICIENT_CREDITS with `cost`, `balance` and `nextResetAt`
 */
export async function chargeNew(
  ctx: MutationCtx,
  userId: Id<"users">,
  subject: ChargeSubject,
  cost: number,
): Promise<number> {
  const now = Date.now();
  const usage = await renewed(ctx, userId, now);
  const taken = isUnlimited(usage, now) ? NOTHING : splitCharge(balanceOf(usage), cost);
  if (taken === null) throw insufficient(usage.creditsRemaining, cost, now);
  const key = keys.charge(subject);
  await record(ctx, usage, { key, kind: "charge", change: negative(taken), now });
  return total(taken);
}

/**
 * Gives back what was charged for `subject`, in the caller's transaction. Nothing happens when
 * nothing was charged or it was given back before. What came of a pack that was refunded meanwhile
 * goes back with the pack.
 */
export async function refund(
  ctx: MutationCtx,
  userId: Id<"users">,
  subject: ChargeSubject,
): Promise<void> {
  const charged = await rowOf(ctx, keys.charge(subject));
  const key = keys.refund(subject);
  if (charged === null || charged.amount === 0 || (await rowOf(ctx, key)) !== null) return;

  const now = Date.now();
  const usage = await renewed(ctx, userId, now);
  const change = refundOf(negative(charged), charged.at, now);
  const after = await record(ctx, usage, { key, kind: "refund", change, now });
  if (change.purchased > 0) await takeOwed(ctx, after, charged, subject, change.purchased);
}

/** Takes what refunds of invoices, since that charge, asked back and found spent. */
async function takeOwed(
  ctx: MutationCtx,
  usage: Doc<"userUsage">,
  charged: Doc<"creditLedger">,
  subject: ChargeSubject,
  given: number,
): Promise<void> {
  const since = await ctx.db
    .query("creditLedger")
    .withIndex("by_userId_and_at", (q) => q.eq("userId", usage.userId).gte("at", charged.at))
    .collect();
  const later = since.filter(({ _creationTime }) => _creationTime > charged._creationTime);
  const debt = later.find(({ owed = 0 }) => owed > 0);
  const owed = later.reduce((sum, row) => sum + (row.owed ?? 0), 0);
  if (debt === undefined || owed <= 0) return;
  const taken = Math.min(given, owed);
  await record(
    ctx,
    usage,
    takingBack(usage, keys.takeBackLate(debt.key, subject), taken, 0 - taken),
  );
}

/**
 * Books the credits of a plan on a paid invoice, in the caller's transaction, once: the same
 * invoice and plan again adds nothing. They are not lost when a month ends.
 *
 * @returns the credits added now
 */
export async function purchase(
  ctx: MutationCtx,
  userId: Id<"users">,
  subject: InvoiceSubject,
  credits: number,
): Promise<number> {
  const key = keys.purchase(subject);
  if ((await rowOf(ctx, key)) !== null) return 0;

  const now = Date.now();
  const usage = await renewed(ctx, userId, now);
  await record(ctx, usage, {
    key,
    kind: "purchase",
    change: { monthly: 0, purchased: credits },
    now,
    besides: { creditsTotal: usage.creditsTotal + credits },
  });
  return credits;
}

/**
 * Takes back the credits of a refunded invoice, in the caller's transaction: `credits` in all, so
 * that a refund in parts names a growing total and the same total twice takes nothing. No more is
 * taken than is left of what was bought: a balance never falls below zero, and free credits stay.
 * What is missing is owed by what it was spent on, should that be given back, and by nothing else.
 * Nothing is taken for what was never booked.
 *
 * @returns the credits taken now
 */
export async function takeBack(
  ctx: MutationCtx,
  userId: Id<"users">,
  subject: InvoiceSubject,
  credits: number,
): Promise<number> {
  const bought = await rowOf(ctx, keys.purchase(subject));
  if (bought === null || bought.userId !== userId) return 0;
  const wanted = Math.min(credits, bought.amount);
  const before = await askedBack(ctx, subject);
  if (wanted <= before) return 0;

  const now = Date.now();
  const usage = await renewed(ctx, userId, now);
  const taken = Math.min(wanted - before, usage.purchasedRemaining);
  const owed = wanted - before - taken;
  await record(ctx, usage, takingBack(usage, keys.takeBack(subject, wanted), taken, owed));
  return taken;
}

function takingBack({ creditsTotal }: Doc<"userUsage">, key: string, taken: number, owed: number) {
  return {
    key,
    kind: "adjustment" as const,
    change: { monthly: 0, purchased: 0 - taken },
    owed,
    now: Date.now(),
    besides: { creditsTotal: Math.max(0, creditsTotal - taken) },
  };
}

/**
 * Turns Pro on or off, in the caller's transaction. What the person holds stays as it is. An end
 * that is known is written down when it comes: a page that is open learns of nothing else.
 *
 * @param until when it ends by itself, in Unix milliseconds; `null` when that is not known
 */
export async function setUnlimited(
  ctx: MutationCtx,
  userId: Id<"users">,
  unlimited: boolean,
  until: number | null = null,
): Promise<void> {
  const usage = await usageOf(ctx, userId);
  const unlimitedUntil = unlimited ? until : null;
  const isKnown = (usage.unlimited ?? false) === unlimited;
  if (isKnown && (usage.unlimitedUntil ?? null) === unlimitedUntil) return;
  await ctx.db.patch("userUsage", usage._id, { unlimited, unlimitedUntil });
  if (unlimitedUntil === null) return;
  const { endUnlimited } = internal.credits.usage;
  await ctx.scheduler.runAt(unlimitedUntil, endUnlimited, { userId, until: unlimitedUntil });
}

/** How many credits of the invoice were asked back so far: the greatest total among the keys. */
async function askedBack(ctx: MutationCtx, subject: InvoiceSubject): Promise<number> {
  const start = keys.takeBacks(subject);
  const rows = await ctx.db
    .query("creditLedger")
    .withIndex("by_key", (q) => q.gte("key", start).lt("key", `${start}\uffff`))
    .collect();
  // A late one has more behind its total.
  return Math.max(0, ...rows.map(({ key }) => Number.parseInt(key.slice(start.length), 10)));
}

function balanceOf(usage: Doc<"userUsage">): Balance {
  return { monthly: usage.monthlyRemaining, purchased: usage.purchasedRemaining };
}

// `0 - x`, because `-0` and `0` are two values in a Convex document.
function negative({ monthly, purchased }: Balance): Balance {
  return { monthly: 0 - monthly, purchased: 0 - purchased };
}

function insufficient(balance: number, cost: number, now: number) {
  return appError(
    "INSUFFICIENT_CREDITS",
    `This costs ${cost} credits and you have ${balance}. Nothing was charged.`,
    { cost, balance, nextResetAt: nextReset(now) },
  );
}
