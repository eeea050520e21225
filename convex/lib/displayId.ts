import type { Infer } from "convex/values";
import type { Id } from "../_generated/dataModel";
import type { MutationCtx } from "../_generated/server";
import type { displayIdKind } from "./tables";

type DisplayIdKind = Infer<typeof displayIdKind>;

const DIGITS = 6;

/** `CH-000001`: the kind and the number, which may outgrow its six digits. */
export function formatDisplayId(kind: DisplayIdKind, number: number): string {
  return `${kind}-${String(number).padStart(DIGITS, "0")}`;
}

/** Draws the person's next display id of this kind, in the caller's transaction: none is drawn twice. */
export async function drawDisplayId(
  ctx: MutationCtx,
  userId: Id<"users">,
  kind: DisplayIdKind,
): Promise<string> {
  const counter = await ctx.db
    .query("displayIdCounters")
    .withIndex("by_userId_and_kind", (q) => q.eq("userId", userId).eq("kind", kind))
    .unique();
  if (counter === null) {
    await ctx.db.insert("displayIdCounters", { userId, kind, next: 2 });
    return formatDisplayId(kind, 1);
  }
  await ctx.db.patch("displayIdCounters", counter._id, { next: counter.next + 1 });
  return formatDisplayId(kind, counter.next);
}
