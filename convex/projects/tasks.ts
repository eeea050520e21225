import { type Infer, v } from "convex/values";
import { internal } from "../_generated/api";
import type { Doc, Id } from "../_generated/dataModel";
import type { MutationCtx, QueryCtx } from "../_generated/server";
import { appError } from "../lib/errors";
import { authenticatedMutation, authenticatedQuery, owned } from "../lib/functions";
import { drawDisplayId } from "../lib/displayId";
import {
  boundedLimit,
  calendarDay,
  NOTES_MAX_CHARACTERS,
  optionalText,
  requiredText,
  TASKS_MAX,
  TITLE_MAX_CHARACTERS,
} from "./limits";
import { ownProject, RESTORE_WINDOW_MS } from "./projects";
import { projectTables, taskPriority, taskStatus } from "./tables";

type Task = Doc<"tasks">;
type Status = Task["status"];

/** Between the positions of neighbours at first. */
const GAP = 1024;
/** With less between two neighbours the positions behind are dealt out anew. */
const SMALLEST_GAP = 1e-3;
/** At least this much lies between positions that are dealt out anew, unless too many would change. */
const WIDE_GAP = 1;
/** With 25 kB each, beside all 500 that a move reads, they stay below the 16 MiB of a transaction. */
const DEALT_AT_ONCE = 100;
const ACTIVE_MAX = 100;

const {
  userId: _userId,
  deletedAt: _deletedAt,
  ...publicFields
} = projectTables.tasks.validator.fields;
const taskView = v.object({ _id: v.id("tasks"), ...publicFields });

/** What its owner sees of a task. */
function publicTask(task: Task): Infer<typeof taskView> {
  const { userId: _userId, deletedAt: _deletedAt, _creationTime, ...view } = task;
  return view;
}

/** A project's tasks in their order: all of them, at most `TASKS_MAX`. @throws NOT_FOUND */
export const listTasks = authenticatedQuery({
  args: { projectId: v.id("projects") },
  returns: v.array(taskView),
  handler: async (ctx, { projectId }) => {
    await ownProject(ctx, ctx.userId, projectId);
    return (await tasksOf(ctx, projectId)).map(publicTask);
  },
});

/** What is to be done in all projects, the most urgent first, with the project of each. */
export const listActiveTasks = authenticatedQuery({
  args: { limit: v.number() },
  returns: v.array(
    v.object({
      ...taskView.fields,
      project: v.object({ displayId: v.string(), name: v.string() }),
    }),
  ),
  handler: async (ctx, { limit }) => {
    const tasks = await activeTasks(ctx, ctx.userId, boundedLimit(limit, ACTIVE_MAX));
    const views = await Promise.all(
      tasks.map(async (task) => {
        const project = await ctx.db.get("projects", task.projectId);
        if (project === null) return null;
        const { displayId, name } = project;
        return { ...publicTask(task), project: { displayId, name } };
      }),
    );
    return views.filter((view) => view !== null);
  },
});

/** Adds a task at the end of the project. @throws NOT_FOUND, INVALID_REQUEST, LIMIT_REACHED */
export const addTask = authenticatedMutation({
  args: {
    projectId: v.id("projects"),
    title: v.string(),
    notes: v.optional(v.string()),
    priority: v.optional(taskPriority),
    dueOn: v.optional(v.union(v.null(), v.string())),
  },
  returns: taskView,
  handler: async (ctx, { projectId, ...fields }) =>
    publicTask(await insertTask(ctx, ctx.userId, projectId, fields)),
});

/** Changes what is given and leaves the rest. @throws NOT_FOUND, INVALID_REQUEST */
export const updateTask = authenticatedMutation({
  args: {
    taskId: v.id("tasks"),
    title: v.optional(v.string()),
    notes: v.optional(v.string()),
    status: v.optional(taskStatus),
    priority: v.optional(taskPriority),
    dueOn: v.optional(v.union(v.null(), v.string())),
  },
  returns: v.null(),
  handler: async (ctx, { taskId, ...fields }) => {
    const task = await ownTask(ctx, ctx.userId, taskId);
    const changes = accepted(fields);
    const { status = task.status } = changes;
    const project = await ownProject(ctx, ctx.userId, task.projectId);
    const isActive = status !== "done" && !project.archived;
    await ctx.db.patch("tasks", taskId, { ...changes, isActive, updatedAt: Date.now() });
    await recount(ctx, task.projectId, { [task.status]: -1 }, { [status]: 1 });
    return null;
  },
});

/**
 * Puts a task behind another one of the same project, or first with `null`.
 *
 * @throws NOT_FOUND, INVALID_REQUEST for a neighbour in another project
 */
export const moveTask = authenticatedMutation({
  args: { taskId: v.id("tasks"), afterId: v.union(v.null(), v.id("tasks")) },
  returns: v.null(),
  handler: async (ctx, { taskId, afterId }) => {
    const task = await ownTask(ctx, ctx.userId, taskId);
    const others = (await tasksOf(ctx, task.projectId)).filter(({ _id }) => _id !== taskId);
    const index = 1 + others.findIndex(({ _id }) => _id === afterId);
    if (afterId !== null && index === 0) {
      throw appError("INVALID_REQUEST", "A task can only be moved within its project.");
    }
    const before = others[index - 1]?.position;
    const position = between(before, others[index]?.position);
    // Only between two tasks: the place before the first and that behind the last are a gap away.
    const isCrowded = before !== undefined && position - before < SMALLEST_GAP;
    if (!isCrowded) await ctx.db.patch("tasks", taskId, { position });
    else await dealPositions(ctx, before, task, others.slice(index));
    await recount(ctx, task.projectId, {}, {});
    return null;
  },
});

/** Deletes a task. It can be restored for `RESTORE_WINDOW_MS`. @throws NOT_FOUND */
export const removeTask = authenticatedMutation({
  args: { taskId: v.id("tasks") },
  returns: v.null(),
  handler: async (ctx, { taskId }) => {
    const task = await ownTask(ctx, ctx.userId, taskId);
    const deletedAt = Date.now();
    await ctx.db.patch("tasks", taskId, { deletedAt, isActive: false });
    await recount(ctx, task.projectId, { [task.status]: -1 }, {});
    const args = { taskId, deletedAt };
    await ctx.scheduler.runAfter(RESTORE_WINDOW_MS, internal.projects.purge.purgeTask, args);
    return null;
  },
});

/** Takes a deletion back. @throws NOT_FOUND once it is gone, LIMIT_REACHED when others took the room */
export const restoreTask = authenticatedMutation({
  args: { taskId: v.id("tasks") },
  returns: v.null(),
  handler: async (ctx, { taskId }) => {
    const found = await ctx.db.get("tasks", taskId);
    const task = owned(found, ctx.userId, "It is too late to bring this task back.");
    if (task.deletedAt === null) return null;
    const project = await ownProject(ctx, ctx.userId, task.projectId);
    refuseWithoutRoom(project);
    const isActive = task.status !== "done" && !project.archived;
    await ctx.db.patch("tasks", taskId, { deletedAt: null, isActive });
    await recount(ctx, task.projectId, {}, { [task.status]: 1 });
    return null;
  },
});

/** The person's active tasks: those with a day first, by day; then those without one. */
export async function activeTasks(
  ctx: QueryCtx,
  userId: Id<"users">,
  limit: number,
): Promise<Task[]> {
  const dated = await ctx.db
    .query("tasks")
    .withIndex("by_userId_and_dueOn", (q) =>
      q.eq("userId", userId).eq("isActive", true).gt("dueOn", null),
    )
    .take(limit);
  if (dated.length === limit) return dated;
  const undated = await ctx.db
    .query("tasks")
    .withIndex("by_userId_and_dueOn", (q) =>
      q.eq("userId", userId).eq("isActive", true).eq("dueOn", null),
    )
    .order("desc")
    .take(limit - dated.length);
  return [...dated, ...undated];
}

/** The project's tasks in their order. */
export async function tasksOf(ctx: QueryCtx, projectId: Id<"projects">): Promise<Task[]> {
  return await ctx.db
    .query("tasks")
    .withIndex("by_projectId_and_position", (q) =>
      q.eq("projectId", projectId).eq("deletedAt", null),
    )
    .collect();
}

interface NewTask {
  readonly title: string;
  readonly notes?: string | undefined;
  readonly priority?: Task["priority"] | undefined;
  readonly dueOn?: string | null | undefined;
}

/** A new task at the end of the project. @throws NOT_FOUND, INVALID_REQUEST, LIMIT_REACHED */
export async function insertTask(
  ctx: MutationCtx,
  userId: Id<"users">,
  projectId: Id<"projects">,
  { title, notes = "", priority = "normal", dueOn = null }: NewTask,
): Promise<Task> {
  const project = await ownProject(ctx, userId, projectId);
  refuseWithoutRoom(project);
  const last = await ctx.db
    .query("tasks")
    .withIndex("by_projectId_and_position", (q) =>
      q.eq("projectId", projectId).eq("deletedAt", null),
    )
    .order("desc")
    .first();
  const now = Date.now();
  const taskId = await ctx.db.insert("tasks", {
    userId,
    projectId,
    displayId: await drawDisplayId(ctx, userId, "TK"),
    title: requiredText(title, "a title", TITLE_MAX_CHARACTERS),
    notes: optionalText(notes, "a note", NOTES_MAX_CHARACTERS),
    status: "todo",
    priority,
    dueOn: calendarDay(dueOn),
    position: between(last?.position, undefined),
    isActive: !project.archived,
    deletedAt: null,
    createdAt: now,
    updatedAt: now,
  });
  await recount(ctx, projectId, {}, { todo: 1 });
  return await ownTask(ctx, userId, taskId);
}

/** @throws LIMIT_REACHED */
function refuseWithoutRoom({ counts: { todo, doing, done } }: Doc<"projects">): void {
  if (todo + doing + done < TASKS_MAX) return;
  throw appError("LIMIT_REACHED", `A project has room for ${TASKS_MAX} tasks. Delete one first.`);
}

async function ownTask(ctx: QueryCtx, userId: Id<"users">, taskId: Id<"tasks">): Promise<Task> {
  const task = await ctx.db.get("tasks", taskId);
  const there = task?.deletedAt === null ? task : null;
  return owned(there, userId, "There is no such task.");
}

type Changes = Partial<Pick<Task, "title" | "notes" | "status" | "priority" | "dueOn">>;

/** @throws INVALID_REQUEST */
function accepted({ title, notes, dueOn, ...rest }: Changes): Changes {
  return {
    ...rest,
    ...(title === undefined ? {} : { title: requiredText(title, "a title", TITLE_MAX_CHARACTERS) }),
    ...(notes === undefined ? {} : { notes: optionalText(notes, "a note", NOTES_MAX_CHARACTERS) }),
    ...(dueOn === undefined ? {} : { dueOn: calendarDay(dueOn) }),
  };
}

function between(before: number | undefined, behind: number | undefined): number {
  if (before === undefined) return (behind ?? 2 * GAP) - GAP;
  return behind === undefined ? before + GAP : (before + behind) / 2;
}

/** Makes room for `task` behind the position `before`: it and some of those `behind` are spread. */
async function dealPositions(
  ctx: MutationCtx,
  before: number,
  task: Task,
  behind: readonly Task[],
): Promise<void> {
  const isFarEnough = ({ position }: Task, index: number) =>
    index === DEALT_AT_ONCE || position - before >= (index + 2) * WIDE_GAP;
  const end = behind.findIndex(isFarEnough);
  const dealt = [task, ...(end === -1 ? behind : behind.slice(0, end))];
  const room = (behind[end]?.position ?? before + (dealt.length + 1) * GAP) - before;
  for (const [index, { _id }] of dealt.entries()) {
    const position = before + (room * (index + 1)) / (dealt.length + 1);
    await ctx.db.patch("tasks", _id, { position });
  }
}

type Counts = Partial<Record<Status, number>>;

/** Writes into the project what changed among its tasks, and that it changed. */
async function recount(
  ctx: MutationCtx,
  projectId: Id<"projects">,
  less: Counts,
  more: Counts,
): Promise<void> {
  const project = await ctx.db.get("projects", projectId);
  if (project === null) return;
  const now = (status: Status) =>
    project.counts[status] + (less[status] ?? 0) + (more[status] ?? 0);
  const counts = { todo: now("todo"), doing: now("doing"), done: now("done") };
  await ctx.db.patch("projects", projectId, { counts, updatedAt: Date.now() });
}
