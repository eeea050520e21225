import type { Doc, Id } from "../_generated/dataModel";
import type { MutationCtx, QueryCtx } from "../_generated/server";
import { type Balance, MONTHLY_FREE_CREDITS, monthKey, resetIsDue, total } from "./rules";
import { keys } from "./subjects";

type Usage = Doc<"userUsage">;
type LedgerRow = Doc<"creditLedger">;

/** `lastCreditReset` of a row that has had no reset: a month long past. */
const NEVER = 0;

/**
 * The person's row, with the free credits of the current month in it: given at the first action of
 * each UTC month, once, because the row is read and written in one transaction.
 */
export async function renewed(ctx: MutationCtx, userId: Id<"users">, now: number): Promise<Usage> {
  const usage = await usageOf(ctx, userId);
  if (!resetIsDue(usage.lastCreditReset, now)) return usage;

  const kind = usage.lastCreditReset === NEVER ? "grant" : "reset";
  const monthly = MONTHLY_FREE_CREDITS - usage.monthlyRemaining;
  return await record(ctx, usage, {
    key: keys.month(kind, userId, monthKey(now)),
    kind,
    change: { monthly, purchased: 0 },
    now,
    besides: {
      creditsTotal: MONTHLY_FREE_CREDITS + usage.purchasedRemaining,
      lastCreditReset: now,
    },
  });
}

/** Whether charges take nothing: on Pro, and its end has not come. */
export function isUnlimited({ unlimited, unlimitedUntil }: Usage, now: number): boolean {
  return unlimited === true && now < (unlimitedUntil ?? Infinity);
}

/** One change of a balance, as the ledger keeps it. */
interface Entry {
  readonly key: string;
  readonly kind: LedgerRow["kind"];
  readonly change: Balance;
  readonly now: number;
  readonly owed?: number;
  /** What else changes in the person's row. */
  readonly besides?: Partial<Pick<Usage, "creditsTotal" | "lastCreditReset">>;
}

/**
 * Writes one ledger row and the balance that follows from it. Callers must have seen that no row
 * has the key.
 *
 * @returns the person's row after it
 * @throws Error when a part of the balance would fall below zero, which no caller may ask for
 */
export async function record(ctx: MutationCtx, usage: Usage, entry: Entry): Promise<Usage> {
  const { key, kind, change, now, owed = 0, besides } = entry;
  const monthlyRemaining = usage.monthlyRemaining + change.monthly;
  const purchasedRemaining = usage.purchasedRemaining + change.purchased;
  if (monthlyRemaining < 0 || purchasedRemaining < 0) {
    throw new Error(`${key} would leave ${monthlyRemaining} monthly, ${purchasedRemaining} bought`);
  }
  const creditsRemaining = monthlyRemaining + purchasedRemaining;
  const isSpending = kind === "charge" || kind === "refund";
  const spent = (usage.spent ?? 0) - (isSpending ? total(change) : 0);

  const after = { creditsRemaining, monthlyRemaining, purchasedRemaining, spent, ...besides };
  await Promise.all([
    ctx.db.patch("userUsage", usage._id, after),
    ctx.db.insert("creditLedger", {
      userId: usage.userId,
      key,
      kind,
      amount: total(change),
      monthly: change.monthly,
      purchased: change.purchased,
      balanceAfter: creditsRemaining,
      spentAfter: spent,
      ...(owed === 0 ? {} : { owed }),
      at: now,
    }),
  ]);
  return { ...usage, ...after };
}

/** The ledger's row of that key: what it stands for has happened. */
export async function rowOf(ctx: QueryCtx, key: string): Promise<LedgerRow | null> {
  return await ctx.db
    .query("creditLedger")
    .withIndex("by_key", (q) => q.eq("key", key))
    .unique();
}

/** What the person holds, or `null` before the first action. */
export async function findUsage(ctx: QueryCtx, userId: Id<"users">): Promise<Usage | null> {
  const rows = ctx.db.query("userUsage").withIndex("by_userId", (q) => q.eq("userId", userId));
  // One step of the cursor, where `unique` takes two: every send waits for it.
  for await (const usage of rows) return usage;
  return null;
}

/** What the person holds; opens the row at the first action. */
export async function usageOf(ctx: MutationCtx, userId: Id<"users">): Promise<Usage> {
  const usage = await findUsage(ctx, userId);
  if (usage !== null) return usage;
  await ctx.db.insert("userUsage", {
    userId,
    creditsRemaining: 0,
    creditsTotal: 0,
    monthlyRemaining: 0,
    purchasedRemaining: 0,
    lastCreditReset: NEVER,
    spent: 0,
    unlimited: false,
  });
  return await usageOf(ctx, userId);
}
