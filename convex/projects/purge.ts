import { v } from "convex/values";
import { internal } from "../_generated/api";
import type { Doc, Id } from "../_generated/dataModel";
import { internalMutation, type MutationCtx } from "../_generated/server";
import { refund } from "../credits/ledger";

/** Tasks that one step deletes, beside pages. */
const TASKS_AT_ONCE = 20;
/**
 * Pages that one step deletes. A text of 200,000 characters may have 600 KB, and it is read twice,
 * to find it and to delete it: a transaction reads 16 MiB at most.
 */
const PAGES_AT_ONCE = 10;

/** Really deletes a task, unless it was restored (or deleted again later) meanwhile. */
export const purgeTask = internalMutation({
  args: { taskId: v.id("tasks"), deletedAt: v.number() },
  returns: v.null(),
  handler: async (ctx, { taskId, deletedAt }) => {
    const task = await ctx.db.get("tasks", taskId);
    if (task?.deletedAt === deletedAt) await ctx.db.delete("tasks", taskId);
    return null;
  },
});

/**
 * Really deletes a project with all that is in it, a batch a step, unless it was restored
 * meanwhile. The project goes last, so a step that never came leaves nothing without an owner.
 */
export const purgeProject = internalMutation({
  args: { projectId: v.id("projects"), deletedAt: v.number() },
  returns: v.null(),
  handler: async (ctx, { projectId, deletedAt }) => {
    const project = await ctx.db.get("projects", projectId);
    if (project?.deletedAt !== deletedAt) return null;
    const deleted = (await deleteTasks(ctx, projectId)) + (await deletePages(ctx, projectId));
    if (deleted === 0) await ctx.db.delete("projects", projectId);
    else
      await ctx.scheduler.runAfter(0, internal.projects.purge.purgeProject, {
        projectId,
        deletedAt,
      });
    return null;
  },
});

async function deleteTasks(ctx: MutationCtx, projectId: Id<"projects">): Promise<number> {
  const tasks = await ctx.db
    .query("tasks")
    .withIndex("by_projectId_and_position", (q) => q.eq("projectId", projectId))
    .take(TASKS_AT_ONCE);
  for (const { _id } of tasks) await ctx.db.delete("tasks", _id);
  return tasks.length;
}

async function deletePages(ctx: MutationCtx, projectId: Id<"projects">): Promise<number> {
  const pages = await ctx.db
    .query("projectPages")
    .withIndex("by_projectId", (q) => q.eq("projectId", projectId))
    .take(PAGES_AT_ONCE);
  for (const page of pages) await deletePage(ctx, page);
  return pages.length;
}

/** Deletes a page with its text. The credits of one that was not read yet go back. */
export async function deletePage(
  ctx: MutationCtx,
  { _id: pageId, userId, status }: Doc<"projectPages">,
): Promise<void> {
  if (status === "reading") await refund(ctx, userId, `page:${pageId}`);
  const text = await ctx.db
    .query("projectPageTexts")
    .withIndex("by_pageId", (q) => q.eq("pageId", pageId))
    .unique();
  if (text !== null) await ctx.db.delete("projectPageTexts", text._id);
  await ctx.db.delete("projectPages", pageId);
}
