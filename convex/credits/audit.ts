import { paginationOptsValidator } from "convex/server";
import { v } from "convex/values";
import { internal } from "../_generated/api";
import type { Id } from "../_generated/dataModel";
import {
  type ActionCtx,
  internalAction,
  internalMutation,
  internalQuery,
} from "../_generated/server";
import { findUsage } from "./books";
import type { Balance } from "./rules";
import { balance, creditTables } from "./tables";

type Held = Balance & { readonly remaining: number };

// The proof that a balance is the sum of its ledger, made every day for everybody. A difference can
// only come from a mistake in this code or from a hand in the database, so it is reported loudly
// and never put right by itself: somebody has to look.

/** How many people one run looks at before it hands over to the next. */
const PEOPLE_A_RUN = 500;
const PEOPLE_A_PAGE = 100;
const ROWS_A_PAGE = 1000;

const ZERO: Balance = { monthly: 0, purchased: 0 };
const { creditDrifts } = creditTables;
const drift = v.object(creditDrifts.validator.fields);

interface Found {
  readonly userId: Id<"users">;
  readonly held: Held;
  readonly booked: Balance;
  readonly foundAt: number;
}

/**
 * Compares each person's balance with the sum of the ledger. A difference is stored in
 * `creditDrifts` and logged, and the run fails, so that it shows wherever failures are watched.
 *
 * @throws Error that names whom it concerns and how much is missing or too much
 */
export const compare = internalAction({
  args: { cursor: v.optional(v.string()) },
  returns: v.null(),
  handler: async (ctx, { cursor: start }) => {
    const drifts: Found[] = [];
    let cursor = start ?? null;
    let isDone = false;
    for (let looked = 0; !isDone && looked < PEOPLE_A_RUN; looked += PEOPLE_A_PAGE) {
      const paginationOpts = { numItems: PEOPLE_A_PAGE, cursor };
      const people: People = await ctx.runQuery(internal.credits.audit.people, { paginationOpts });
      for (const userId of people.userIds) {
        const found = await driftOf(ctx, userId);
        if (found !== null) drifts.push(found);
      }
      ({ cursor, isDone } = people);
    }
    if (!isDone && cursor !== null) {
      await ctx.scheduler.runAfter(0, internal.credits.audit.compare, { cursor });
    }
    if (drifts.length === 0) return null;
    await ctx.runMutation(internal.credits.audit.report, { drifts });
    const sentence = `CREDIT DRIFT: ${drifts.map(describe).join("; ")}`;
    console.error(sentence);
    throw new Error(sentence);
  },
});

interface People {
  userIds: Id<"users">[];
  cursor: string;
  isDone: boolean;
}

/** Everybody who has ever had credits, a page at a time. */
export const people = internalQuery({
  args: { paginationOpts: paginationOptsValidator },
  returns: v.object({
    userIds: v.array(v.id("users")),
    cursor: v.string(),
    isDone: v.boolean(),
  }),
  handler: async (ctx, { paginationOpts }) => {
    const result = await ctx.db.query("userUsage").paginate(paginationOpts);
    const { page, continueCursor: cursor, isDone } = result;
    return { userIds: page.map(({ userId }) => userId), cursor, isDone };
  },
});

/**
 * Adds a page of the person's ledger to `sum`. With the last page comes what the person holds, read
 * in the same transaction; rows of earlier pages never change, so the two belong together.
 */
export const addPage = internalQuery({
  args: { userId: v.id("users"), sum: balance, cursor: v.union(v.null(), v.string()) },
  returns: v.object({
    sum: balance,
    cursor: v.string(),
    held: v.union(v.null(), creditDrifts.validator.fields.held),
  }),
  handler: async (ctx, { userId, sum, cursor }) => {
    const { page, isDone, continueCursor } = await ctx.db
      .query("creditLedger")
      .withIndex("by_userId_and_at", (q) => q.eq("userId", userId))
      .paginate({ numItems: ROWS_A_PAGE, cursor });
    const usage = await findUsage(ctx, userId);
    return {
      sum: page.reduce(
        (total, row) => ({
          monthly: total.monthly + row.monthly,
          purchased: total.purchased + row.purchased,
        }),
        sum,
      ),
      cursor: continueCursor,
      held: isDone
        ? {
            monthly: usage?.monthlyRemaining ?? 0,
            purchased: usage?.purchasedRemaining ?? 0,
            remaining: usage?.creditsRemaining ?? 0,
          }
        : null,
    };
  },
});

/** Keeps what was found, for whoever looks into it. */
export const report = internalMutation({
  args: { drifts: v.array(drift) },
  returns: v.null(),
  handler: async (ctx, { drifts }) => {
    for (const found of drifts) await ctx.db.insert("creditDrifts", found);
    return null;
  },
});

interface Page {
  sum: Balance;
  cursor: string;
  held: Held | null;
}

async function driftOf(ctx: ActionCtx, userId: Id<"users">): Promise<Found | null> {
  let page: Page = { sum: ZERO, cursor: "", held: null };
  for (let isFirst = true; page.held === null; isFirst = false) {
    page = await ctx.runQuery(internal.credits.audit.addPage, {
      userId,
      sum: page.sum,
      cursor: isFirst ? null : page.cursor,
    });
  }
  const { sum: booked, held } = page;
  return agrees(held, booked) ? null : { userId, held, booked, foundAt: Date.now() };
}

function agrees(held: Held, booked: Balance): boolean {
  return (
    held.monthly === booked.monthly &&
    held.purchased === booked.purchased &&
    held.remaining === booked.monthly + booked.purchased
  );
}

function describe({ userId, held, booked }: Found): string {
  return (
    `${userId} holds ${held.remaining} (${held.monthly} monthly, ${held.purchased} purchased), ` +
    `the ledger says ${booked.monthly + booked.purchased} ` +
    `(${booked.monthly} monthly, ${booked.purchased} purchased)`
  );
}
