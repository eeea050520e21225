import { v } from "convex/values";
import type { Doc, Id } from "../_generated/dataModel";
import { internalMutation, type MutationCtx } from "../_generated/server";
import { openSession } from "../chat/sessions";
import { charge } from "../credits/ledger";
import { COSTS, monthStart } from "../credits/rules";
import { appError } from "../lib/errors";
import { DAY_MS, MINUTE_MS } from "../lib/time";
import { insertProject } from "../projects/projects";
import { insertTask } from "../projects/tasks";
import { mailboxOf } from "./password";
import { SAMPLE_CHATS, SAMPLE_PROJECTS, type SampleProject } from "./sampleTexts";

/** Over how many days, at most, what was spent is spread. */
const SPREAD_DAYS = 12;

/**
 * Fills an account with projects, tasks, pages, chats and what they cost, for trying things out and
 * for pictures. A second time adds nothing. For whoever runs the deployment alone: `npm run seed`.
 *
 * @throws NOT_FOUND when there is no such account
 */
export const fill = internalMutation({
  args: { email: v.string() },
  returns: v.object({ filled: v.boolean() }),
  handler: async (ctx, { email }) => {
    const user = await ctx.db
      .query("users")
      .withIndex("email", (q) => q.eq("email", mailboxOf(email)))
      .first();
    if (user === null) throw appError("NOT_FOUND", `There is no account with the email ${email}.`);
    const present = await ctx.db
      .query("projects")
      .withIndex("by_userId", (q) => q.eq("userId", user._id))
      .first();
    if (present !== null) return { filled: false };
    const begunAt = Date.now();
    for (const sample of SAMPLE_PROJECTS) await addProject(ctx, user._id, sample);
    for (const [index, chat] of SAMPLE_CHATS.entries()) await addChat(ctx, user._id, chat, index);
    await spreadLedger(ctx, user._id, begunAt);
    return { filled: true };
  },
});

async function addProject(
  ctx: MutationCtx,
  userId: Id<"users">,
  { name, description, links, tasks, page }: SampleProject,
): Promise<void> {
  const project = await insertProject(ctx, userId, { name, description, links: [...links] });
  const counts = { todo: 0, doing: 0, done: 0 };
  for (const { status, dueInDays, ...task } of tasks) {
    const dueOn = dueInDays === null ? null : dayIn(dueInDays);
    const { _id } = await insertTask(ctx, userId, project._id, { ...task, dueOn });
    await ctx.db.patch("tasks", _id, { status, isActive: status !== "done" });
    counts[status] += 1;
  }
  await ctx.db.patch("projects", project._id, { counts });
  if (page === null) return;
  const pageId = await ctx.db.insert("projectPages", {
    userId,
    projectId: project._id,
    url: page.url,
    host: new URL(page.url).host,
    title: page.title,
    excerpt: page.text.slice(0, 200),
    characters: page.text.length,
    status: "ready",
    error: null,
    creditsUsed: COSTS.pageRead,
    clientKey: `sample:${page.url}`,
    requestedAt: Date.now(),
  });
  await ctx.db.insert("projectPageTexts", { userId, pageId, text: page.text });
  await charge(ctx, userId, `page:${pageId}`, COSTS.pageRead);
}

async function addChat(
  ctx: MutationCtx,
  userId: Id<"users">,
  { title, turns }: (typeof SAMPLE_CHATS)[number],
  index: number,
): Promise<void> {
  const session = await openSession(ctx, userId, { content: title });
  const updatedAt = Date.now() - index * 0.8 * DAY_MS;
  let parentId: Id<"chatMessages"> | null = null;
  for (const [turn, [question, answer]] of turns.entries()) {
    const common = {
      sessionId: session._id,
      userId,
      status: "complete" as const,
      timestamp: updatedAt - (turns.length - turn) * 3 * MINUTE_MS,
      error: null,
      clientKey: `sample:${session.displayId}:${turn}`,
      isShown: true,
      isChosen: true,
      version: 1,
      versionCount: 1,
      feedback: null,
    } satisfies Partial<Doc<"chatMessages">>;
    const questionId: Id<"chatMessages"> = await ctx.db.insert("chatMessages", {
      ...common,
      role: "user",
      content: question,
      tokens: null,
      creditsUsed: 0,
      parentId,
    });
    parentId = await ctx.db.insert("chatMessages", {
      ...common,
      role: "assistant",
      content: answer,
      tokens: {
        prompt: 240,
        completion: Math.ceil(answer.length / 4),
        reasoning: 64,
        estimated: false,
      },
      creditsUsed: COSTS.chatMessage,
      parentId: questionId,
    });
    await charge(ctx, userId, `message:${parentId}`, COSTS.chatMessage);
  }
  await ctx.db.patch("chatSessions", session._id, {
    title,
    titledBy: "model",
    updatedAt,
    createdAt: updatedAt - DAY_MS,
    messageCount: turns.length * 2,
  });
}

/**
 * Moves what was spent since then apart, in its order, over the last days of the month; what the
 * person had spent before stays, and before it.
 *
 * @param begunAt in Unix milliseconds
 */
async function spreadLedger(ctx: MutationCtx, userId: Id<"users">, begunAt: number): Promise<void> {
  const rows = await ctx.db
    .query("creditLedger")
    .withIndex("by_userId_and_at", (q) => q.eq("userId", userId).gte("at", begunAt))
    .collect();
  const before = await ctx.db
    .query("creditLedger")
    .withIndex("by_userId_and_at", (q) => q.eq("userId", userId).lt("at", begunAt))
    .order("desc")
    .first();
  const now = Date.now();
  const start = Math.max(monthStart(now), now - SPREAD_DAYS * DAY_MS, (before?.at ?? 0) + 1);
  for (const [index, { _id }] of rows.entries()) {
    const at = Math.round(start + ((now - start) * index) / rows.length);
    await ctx.db.patch("creditLedger", _id, { at });
  }
}

function dayIn(days: number): string {
  return new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);
}
