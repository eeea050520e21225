import { type Infer, v } from "convex/values";
import { internal } from "../_generated/api";
import type { Doc, Id } from "../_generated/dataModel";
import {
  internalMutation,
  internalQuery,
  type MutationCtx,
  type QueryCtx,
} from "../_generated/server";
import { charge, refund } from "../credits/ledger";
import { COSTS } from "../credits/rules";
import { wholeCharacters } from "../lib/characters";
import { requireClientKey } from "../lib/clientKey";
import { appError } from "../lib/errors";
import { authenticatedMutation, authenticatedQuery, owned } from "../lib/functions";
import { limitRate } from "../lib/rateLimits";
import { MINUTE_MS } from "../lib/time";
import { DRAFT_MAX_TASKS, isUnwritten } from "./draftText";
import { GOAL_MAX_CHARACTERS, requiredText } from "./limits";
import { insertProject } from "./projects";
import { projectTables, taskPriority } from "./tables";
import { insertTask } from "./tasks";

type Draft = Doc<"projectDrafts">;

/** After this a draft that is still being written has no writer any more. */
export const DRAFT_LEASE_MS = 4 * MINUTE_MS;
/** How much of a page goes into a draft that is made from it. */
const SOURCE_CHARACTERS = 24_000;

const {
  userId: _userId,
  clientKey: _clientKey,
  ...publicFields
} = projectTables.projectDrafts.validator.fields;
const draftView = v.object({ _id: v.id("projectDrafts"), ...publicFields });

function publicDraft(draft: Draft): Infer<typeof draftView> {
  const { userId: _userId, clientKey: _clientKey, _creationTime, ...view } = draft;
  return view;
}

/** The person's newest draft, live, unless it was accepted or discarded. */
export const openDraft = authenticatedQuery({
  args: {},
  returns: v.union(v.null(), draftView),
  handler: async (ctx) => {
    const draft = await newestDraft(ctx, ctx.userId);
    const isOpen = draft !== null && draft.status !== "accepted" && draft.status !== "discarded";
    return isOpen ? publicDraft(draft) : null;
  },
});

/**
 * Has the model draft a project for a goal, from a page that was read if one is named: takes the
 * credits and starts the writing. A second call with the same `clientKey` is the same draft.
 *
 * @throws INVALID_REQUEST, NOT_FOUND, NOT_READY for a page that was not read, DRAFT_RUNNING,
 * TOO_MANY_REQUESTS, INSUFFICIENT_CREDITS. Nothing is charged then.
 */
export const startDraft = authenticatedMutation({
  args: {
    goal: v.string(),
    sourcePageId: v.optional(v.id("projectPages")),
    /** Made once for each draft, at most 100 characters: `crypto.randomUUID()`. */
    clientKey: v.string(),
  },
  returns: v.id("projectDrafts"),
  handler: async (ctx, { goal, sourcePageId, clientKey }) => {
    const { userId } = ctx;
    requireClientKey(clientKey);
    const earlier = await ctx.db
      .query("projectDrafts")
      .withIndex("by_userId_and_clientKey", (q) =>
        q.eq("userId", userId).eq("clientKey", clientKey),
      )
      .unique();
    if (earlier !== null) return earlier._id;
    if (sourcePageId !== undefined) await readyPage(ctx, userId, sourcePageId);
    if ((await newestDraft(ctx, userId))?.status === "writing") {
      throw appError(
        "DRAFT_RUNNING",
        "Your last draft is still being written. Wait for it or discard it. Nothing was charged.",
      );
    }
    const draftId = await ctx.db.insert("projectDrafts", {
      userId,
      goal: requiredText(goal, "a goal to work towards", GOAL_MAX_CHARACTERS),
      sourcePageId: sourcePageId ?? null,
      status: "writing",
      text: "",
      attempt: 1,
      error: null,
      creditsUsed: 0,
      projectId: null,
      clientKey,
      createdAt: Date.now(),
    });
    await limitRate(ctx, "projectDraft", userId);
    const creditsUsed = await charge(ctx, userId, `draft:${draftId}`, COSTS.projectDraft);
    await ctx.db.patch("projectDrafts", draftId, { creditsUsed });
    await ctx.scheduler.runAfter(0, internal.projects.drafting.write, { draftId });
    // A writer that dies says nothing; this speaks for it.
    await ctx.scheduler.runAfter(DRAFT_LEASE_MS, internal.projects.drafts.expire, { draftId });
    return draftId;
  },
});

/**
 * Makes the project that a draft proposes, as the person has edited it, with all its tasks. A
 * second call for the same draft answers with the project that the first one made.
 *
 * @throws NOT_FOUND, NOT_READY, INVALID_REQUEST, LIMIT_REACHED. Nothing is made then.
 */
export const acceptDraft = authenticatedMutation({
  args: {
    draftId: v.id("projectDrafts"),
    name: v.string(),
    description: v.string(),
    tasks: v.array(
      v.object({
        title: v.string(),
        notes: v.string(),
        priority: taskPriority,
        dueOn: v.union(v.null(), v.string()),
      }),
    ),
  },
  returns: v.object({ displayId: v.string() }),
  handler: async (ctx, { draftId, name, description, tasks }) => {
    const draft = await ownDraft(ctx, ctx.userId, draftId);
    if (draft.projectId !== null) {
      const made = await ctx.db.get("projects", draft.projectId);
      return { displayId: owned(made, ctx.userId, "There is no such project.").displayId };
    }
    if (draft.status !== "ready") {
      throw appError("NOT_READY", "Only a finished draft can be accepted.");
    }
    if (tasks.length > DRAFT_MAX_TASKS) {
      throw appError(
        "INVALID_REQUEST",
        `A draft has at most ${DRAFT_MAX_TASKS} tasks. Remove some first.`,
      );
    }
    const project = await insertProject(ctx, ctx.userId, { name, description, links: [] });
    for (const task of tasks) await insertTask(ctx, ctx.userId, project._id, task);
    await ctx.db.patch("projectDrafts", draftId, { status: "accepted", projectId: project._id });
    return { displayId: project.displayId };
  },
});

/**
 * Throws a draft away, also while it is being written. The credits go back when none of it was
 * written yet, which the server knows and the client is not asked.
 *
 * @throws NOT_FOUND
 */
export const discardDraft = authenticatedMutation({
  args: { draftId: v.id("projectDrafts") },
  returns: v.null(),
  handler: async (ctx, { draftId }) => {
    const draft = await ownDraft(ctx, ctx.userId, draftId);
    if (draft.status === "accepted") return null;
    const isGivenBack = isUnwritten(draft);
    if (isGivenBack) await refund(ctx, ctx.userId, `draft:${draftId}`);
    const creditsUsed = isGivenBack ? 0 : draft.creditsUsed;
    await ctx.db.patch("projectDrafts", draftId, { status: "discarded", creditsUsed });
    return null;
  },
});

/** What a writer needs to know; `null` when the draft is not to be written any more. */
export const assignment = internalQuery({
  args: { draftId: v.id("projectDrafts") },
  returns: v.union(v.null(), v.object({ goal: v.string(), source: v.union(v.null(), v.string()) })),
  handler: async (ctx, { draftId }) => {
    const draft = await ctx.db.get("projectDrafts", draftId);
    if (draft?.status !== "writing") return null;
    if (draft.sourcePageId === null) return { goal: draft.goal, source: null };
    const { sourcePageId } = draft;
    const text = await ctx.db
      .query("projectPageTexts")
      .withIndex("by_pageId", (q) => q.eq("pageId", sourcePageId))
      .unique();
    return { goal: draft.goal, source: wholeCharacters(text?.text ?? "", SOURCE_CHARACTERS) };
  },
});

/** Whether a draft is still to be written. */
export const isWanted = internalQuery({
  args: { draftId: v.id("projectDrafts") },
  returns: v.boolean(),
  handler: async (ctx, { draftId }) =>
    (await ctx.db.get("projectDrafts", draftId))?.status === "writing",
});

/** Shows what is written so far. @returns whether it is still wanted */
export const show = internalMutation({
  args: { draftId: v.id("projectDrafts"), attempt: v.number(), text: v.string() },
  returns: v.boolean(),
  handler: async (ctx, { draftId, attempt, text }) => {
    const draft = await ctx.db.get("projectDrafts", draftId);
    if (draft?.status !== "writing") return false;
    await ctx.db.patch("projectDrafts", draftId, { attempt, text });
    return true;
  },
});

/** Ends the writing, once: with the whole draft, or with why there is none, and the credits back. */
export const finish = internalMutation({
  args: {
    draftId: v.id("projectDrafts"),
    outcome: v.union(
      v.object({ kind: v.literal("ready"), text: v.string() }),
      v.object({ kind: v.literal("failed"), code: v.string(), message: v.string() }),
    ),
  },
  returns: v.null(),
  handler: async (ctx, { draftId, outcome }) => {
    const draft = await ctx.db.get("projectDrafts", draftId);
    if (draft?.status !== "writing") return null;
    if (outcome.kind === "ready") {
      await ctx.db.patch("projectDrafts", draftId, { status: "ready", text: outcome.text });
    } else await fail(ctx, draft, outcome);
    return null;
  },
});

/** Ends a draft whose writer has died. */
export const expire = internalMutation({
  args: { draftId: v.id("projectDrafts") },
  returns: v.null(),
  handler: async (ctx, { draftId }) => {
    const draft = await ctx.db.get("projectDrafts", draftId);
    if (draft?.status !== "writing") return null;
    await fail(ctx, draft, {
      code: "INTERRUPTED",
      message: "The draft was interrupted on our side. You were not charged. Try again.",
    });
    return null;
  },
});

async function fail(
  ctx: MutationCtx,
  { _id, userId }: Draft,
  { code, message }: { code: string; message: string },
): Promise<void> {
  await refund(ctx, userId, `draft:${_id}`);
  await ctx.db.patch("projectDrafts", _id, {
    status: "failed",
    error: { code, message },
    creditsUsed: 0,
  });
}

async function newestDraft(ctx: QueryCtx, userId: Id<"users">): Promise<Draft | null> {
  return await ctx.db
    .query("projectDrafts")
    .withIndex("by_userId", (q) => q.eq("userId", userId))
    .order("desc")
    .first();
}

async function ownDraft(
  ctx: QueryCtx,
  userId: Id<"users">,
  draftId: Id<"projectDrafts">,
): Promise<Draft> {
  return owned(await ctx.db.get("projectDrafts", draftId), userId, "There is no such draft.");
}

async function readyPage(ctx: QueryCtx, userId: Id<"users">, pageId: Id<"projectPages">) {
  const page = owned(await ctx.db.get("projectPages", pageId), userId, "There is no such page.");
  if (page.status !== "ready") {
    throw appError("NOT_READY", "That page has not been read. Nothing was charged.");
  }
}
