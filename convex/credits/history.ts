import { paginationOptsValidator, paginationResultValidator } from "convex/server";
import { type Infer, v } from "convex/values";
import type { Doc, Id } from "../_generated/dataModel";
import type { QueryCtx } from "../_generated/server";
import { invoiceUrlOf } from "../billing/records";
import { outOfDate } from "../lib/errors";
import { authenticatedQuery } from "../lib/functions";
import { HISTORY_ROWS_MAX } from "./rules";
import { subjectOf } from "./subjects";
import { ledgerKind } from "./tables";

/** What a row is for, as its owner reads it. A chat that was deleted is `null`. */
const subjectView = v.union(
  v.object({
    what: v.literal("message"),
    chat: v.union(v.null(), v.object({ displayId: v.string(), title: v.string() })),
  }),
  v.object({ what: v.union(v.literal("draft"), v.literal("page")) }),
  v.object({
    what: v.literal("invoice"),
    stripeId: v.string(),
    planId: v.string(),
    /** Where the receipt is, when there is one. */
    invoiceUrl: v.union(v.string(), v.null()),
  }),
  v.object({ what: v.literal("month"), month: v.string() }),
  v.object({ what: v.literal("other") }),
);

const rowView = v.object({
  _id: v.id("creditLedger"),
  kind: ledgerKind,
  amount: v.number(),
  balanceAfter: v.number(),
  /** Unix milliseconds. */
  at: v.number(),
  subject: subjectView,
});

/** Rows that are looked through for one page of a kind. */
const ROWS_LOOKED_THROUGH = 2_000;

/**
 * The person's ledger, newest first, `HISTORY_ROWS_MAX` at once at most; of one kind, or of all when
 * `kind` is `null`. A kind is looked for among all rows, so a page of it may hold fewer than were
 * asked for, or none, and more follow.
 */
export const list = authenticatedQuery({
  args: { kind: v.union(v.null(), ledgerKind), paginationOpts: paginationOptsValidator },
  returns: paginationResultValidator(rowView),
  handler: async (ctx, { kind, paginationOpts }) => {
    const all = ctx.db
      .query("creditLedger")
      .withIndex("by_userId_and_at", (q) => q.eq("userId", ctx.userId))
      .order("desc");
    const rows = kind === null ? all : all.filter((q) => q.eq(q.field("kind"), kind));
    const result = await rows.paginate({
      ...paginationOpts,
      numItems: Math.min(paginationOpts.numItems, HISTORY_ROWS_MAX),
      maximumRowsRead: ROWS_LOOKED_THROUGH,
    });
    const page = await Promise.all(result.page.map((row) => publicRow(ctx, row)));
    return { ...result, page };
  },
});

/** A year of days, and one more boundary than days. */
const MAX_BOUNDARIES = 367;

/**
 * The credits that the person spent between each of `boundaries` and the next, refunds deducted: a
 * refund counts when it is given. The page names the boundaries, in Unix milliseconds and rising,
 * because a day begins when it begins where the person is.
 *
 * @throws INVALID_REQUEST
 */
export const spending = authenticatedQuery({
  args: { boundaries: v.array(v.number()) },
  returns: v.array(v.number()),
  handler: async (ctx, { boundaries }) => {
    if (boundaries.length > MAX_BOUNDARIES || !isRising(boundaries)) throw outOfDate();
    const spent = await Promise.all(boundaries.map((time) => spentBefore(ctx, ctx.userId, time)));
    return spent.slice(1).map((after, i) => after - (spent[i] ?? 0));
  },
});

/** All that the person had spent at that time, read from one row however long the ledger is. */
async function spentBefore(ctx: QueryCtx, userId: Id<"users">, time: number): Promise<number> {
  const last = await ctx.db
    .query("creditLedger")
    .withIndex("by_userId_and_at", (q) => q.eq("userId", userId).lt("at", time))
    .order("desc")
    .first();
  return last?.spentAfter ?? 0;
}

async function publicRow(ctx: QueryCtx, row: Doc<"creditLedger">): Promise<Infer<typeof rowView>> {
  const { _id, kind, amount, balanceAfter, at } = row;
  return { _id, kind, amount, balanceAfter, at, subject: await publicSubject(ctx, row) };
}

async function publicSubject(
  ctx: QueryCtx,
  { key, userId }: Doc<"creditLedger">,
): Promise<Infer<typeof subjectView>> {
  const subject = subjectOf(key);
  if (subject.what === "message") {
    return { what: "message", chat: await chatOf(ctx, userId, subject.id) };
  }
  if (subject.what === "draft" || subject.what === "page") return { what: subject.what };
  if (subject.what === "invoice") {
    return { ...subject, invoiceUrl: await invoiceUrlOf(ctx, subject.stripeId, subject.planId) };
  }
  return subject;
}

async function chatOf(ctx: QueryCtx, userId: Id<"users">, id: string) {
  const messageId = ctx.db.normalizeId("chatMessages", id);
  const message = messageId === null ? null : await ctx.db.get("chatMessages", messageId);
  const session = message === null ? null : await ctx.db.get("chatSessions", message.sessionId);
  if (session?.userId !== userId) return null;
  return { displayId: session.displayId, title: session.title };
}

function isRising(times: readonly number[]): boolean {
  return times.every((time, i) => i === 0 || time > (times[i - 1] ?? 0));
}
