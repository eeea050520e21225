import { internal } from "../_generated/api";
import type { Id } from "../_generated/dataModel";
import type { MutationCtx } from "../_generated/server";
import { MINUTE_MS, SECOND_MS } from "../lib/time";

/** A planned run this long overdue was lost, and no longer stands for the one that is wanted. */
const LOST_AFTER_MS = MINUTE_MS;

/**
 * Plans reconciles for a person at these times, in the caller's transaction. One that is planned at
 * about the same time and has not begun stands for both: a hundred bells at once are one run, and
 * whoever rings after a run has begun gets another.
 */
export async function ring(
  ctx: MutationCtx,
  userId: Id<"users">,
  times: readonly number[],
): Promise<void> {
  const now = Date.now();
  const row = await plannedOf(ctx, userId);
  const planned = (row?.times ?? []).filter((time) => time > now - LOST_AFTER_MS);
  for (const time of times) {
    if (planned.some((other) => isAboutTheSame(other, time, now))) continue;
    planned.push(time);
    const { run } = internal.billing.reconcile;
    await ctx.scheduler.runAt(Math.max(now, time), run, { userId, plannedAt: time });
  }
  if (row === null) await ctx.db.insert("plannedReconciles", { userId, times: planned });
  else await ctx.db.patch("plannedReconciles", row._id, { times: planned });
}

/** A planned run begins: a bell from now on plans another. */
export async function begin(
  ctx: MutationCtx,
  userId: Id<"users">,
  plannedAt: number,
): Promise<void> {
  const row = await plannedOf(ctx, userId);
  const times = row?.times.filter((time) => time !== plannedAt) ?? [];
  if (row === null) return;
  if (times.length === 0) await ctx.db.delete("plannedReconciles", row._id);
  else await ctx.db.patch("plannedReconciles", row._id, { times });
}

/** What is due now must run now; what is due later may be a little earlier or later. */
function isAboutTheSame(planned: number, wanted: number, now: number): boolean {
  const tolerance = wanted <= now ? SECOND_MS : 5 * SECOND_MS;
  return Math.abs(planned - wanted) <= tolerance;
}

async function plannedOf(ctx: MutationCtx, userId: Id<"users">) {
  return await ctx.db
    .query("plannedReconciles")
    .withIndex("by_userId", (q) => q.eq("userId", userId))
    .unique();
}
