import { type Infer, v } from "convex/values";
import { internal } from "../_generated/api";
import type { Doc, Id } from "../_generated/dataModel";
import { internalMutation, type MutationCtx, type QueryCtx } from "../_generated/server";
import { appError } from "../lib/errors";
import { authenticatedMutation, authenticatedQuery, owned } from "../lib/functions";
import { drawDisplayId } from "../lib/displayId";
import { SECOND_MS } from "../lib/time";
import {
  acceptedLinks,
  boundedLimit,
  DESCRIPTION_MAX_CHARACTERS,
  NAME_MAX_CHARACTERS,
  optionalText,
  PROJECTS_MAX,
  requiredText,
} from "./limits";
import { projectLink, projectStatus, projectTables } from "./tables";

type Project = Doc<"projects">;

/**
 * How long a deleted project or task can be brought back. The page offers it for `UNDO_MS`; a slow
 * line gets the rest.
 */
export const RESTORE_WINDOW_MS = 30 * SECOND_MS;
const TOO_LATE = "It is too late to bring this project back.";
const RECENT_MAX = 20;
/**
 * Tasks that one step settles. All the tasks of a project may have 12 MB, and each that changes is
 * read once more: together it has to stay below the 16 MiB that a transaction may read.
 */
const SETTLED_AT_ONCE = 100;

const {
  userId: _userId,
  deletedAt: _deletedAt,
  ...publicFields
} = projectTables.projects.validator.fields;
const projectView = v.object({ _id: v.id("projects"), ...publicFields });

/** What its owner sees of a project. */
function publicProject(project: Project): Infer<typeof projectView> {
  const { userId: _userId, deletedAt: _deletedAt, _creationTime, ...view } = project;
  return view;
}

/** The person's projects, the one last changed first: all of them, at most `PROJECTS_MAX`. */
export const listProjects = authenticatedQuery({
  args: { archived: v.boolean() },
  returns: v.array(projectView),
  handler: async (ctx, { archived }) => {
    const projects = await onShelf(ctx, ctx.userId, archived).take(PROJECTS_MAX);
    return projects.map(publicProject);
  },
});

/** The few projects that the person last worked on. */
export const listRecentProjects = authenticatedQuery({
  args: { limit: v.number() },
  returns: v.array(projectView),
  handler: async (ctx, { limit }) => {
    const projects = await onShelf(ctx, ctx.userId, false).take(boundedLimit(limit, RECENT_MAX));
    return projects.map(publicProject);
  },
});

/** The person's project of that display id, or `null` when the person has none such. */
export const getProject = authenticatedQuery({
  args: { displayId: v.string() },
  returns: v.union(v.null(), projectView),
  handler: async (ctx, { displayId }) => {
    const project = await ctx.db
      .query("projects")
      .withIndex("by_displayId", (q) => q.eq("userId", ctx.userId).eq("displayId", displayId))
      .unique();
    return project === null || project.deletedAt !== null ? null : publicProject(project);
  },
});

/** What a chat shows of the project that it belongs to; `null` when that is gone. */
export const projectOfChat = authenticatedQuery({
  args: { projectId: v.id("projects") },
  returns: v.union(v.null(), v.object({ displayId: v.string(), name: v.string() })),
  handler: async (ctx, { projectId }) => {
    const project = await ctx.db.get("projects", projectId);
    if (project?.userId !== ctx.userId || project.deletedAt !== null) return null;
    return { displayId: project.displayId, name: project.name };
  },
});

/** @throws INVALID_REQUEST, LIMIT_REACHED */
export const createProject = authenticatedMutation({
  args: { name: v.string(), description: v.string(), links: v.array(projectLink) },
  returns: projectView,
  handler: async (ctx, fields) => publicProject(await insertProject(ctx, ctx.userId, fields)),
});

/** Changes what is given and leaves the rest. @throws NOT_FOUND, INVALID_REQUEST */
export const updateProject = authenticatedMutation({
  args: {
    projectId: v.id("projects"),
    name: v.optional(v.string()),
    description: v.optional(v.string()),
    status: v.optional(projectStatus),
    links: v.optional(v.array(projectLink)),
  },
  returns: v.null(),
  handler: async (ctx, { projectId, ...fields }) => {
    const project = await ownProject(ctx, ctx.userId, projectId);
    await ctx.db.patch("projects", project._id, { ...accepted(fields), updatedAt: Date.now() });
    return null;
  },
});

/** Puts a project away, with its tasks, or takes it out again. @throws NOT_FOUND */
export const archiveProject = authenticatedMutation({
  args: { projectId: v.id("projects"), archived: v.boolean() },
  returns: v.null(),
  handler: async (ctx, { projectId, archived }) => {
    const project = await ownProject(ctx, ctx.userId, projectId);
    await ctx.db.patch("projects", projectId, { archived, updatedAt: Date.now() });
    await settleTasks(ctx, { ...project, archived });
    return null;
  },
});

/** Deletes a project. It can be restored for `RESTORE_WINDOW_MS`, then all of it is gone. @throws NOT_FOUND */
export const removeProject = authenticatedMutation({
  args: { projectId: v.id("projects") },
  returns: v.null(),
  handler: async (ctx, { projectId }) => {
    const project = await ownProject(ctx, ctx.userId, projectId);
    const deletedAt = Date.now();
    await ctx.db.patch("projects", projectId, { deletedAt });
    await settleTasks(ctx, { ...project, deletedAt });
    const args = { projectId, deletedAt };
    await ctx.scheduler.runAfter(RESTORE_WINDOW_MS, internal.projects.purge.purgeProject, args);
    return null;
  },
});

/**
 * Takes a deletion back. After the window it is too late, also for what is not all gone yet.
 *
 * @throws NOT_FOUND when it is too late, LIMIT_REACHED when others have taken the room
 */
export const restoreProject = authenticatedMutation({
  args: { projectId: v.id("projects") },
  returns: v.null(),
  handler: async (ctx, { projectId }) => {
    const found = await ctx.db.get("projects", projectId);
    const project = owned(found, ctx.userId, TOO_LATE);
    if (project.deletedAt === null) return null;
    if (Date.now() >= project.deletedAt + RESTORE_WINDOW_MS) throw appError("NOT_FOUND", TOO_LATE);
    await refuseWithoutRoom(ctx, ctx.userId);
    await ctx.db.patch("projects", projectId, { deletedAt: null });
    // In a transaction of its own: with all other projects, which were counted, all tasks can be too much.
    await ctx.scheduler.runAfter(0, internal.projects.projects.settle, { projectId });
    return null;
  },
});

/** A step of `settleTasks` that follows. */
export const settle = internalMutation({
  args: { projectId: v.id("projects") },
  returns: v.null(),
  handler: async (ctx, { projectId }) => {
    const project = await ctx.db.get("projects", projectId);
    if (project !== null) await settleTasks(ctx, project);
    return null;
  },
});

function onShelf(ctx: QueryCtx, userId: Id<"users">, archived: boolean) {
  return ctx.db
    .query("projects")
    .withIndex("by_userId_and_shelf", (q) =>
      q.eq("userId", userId).eq("deletedAt", null).eq("archived", archived),
    )
    .order("desc");
}

/** The person's latest projects that are not put away, the one last changed first. */
export async function recentProjects(
  ctx: QueryCtx,
  userId: Id<"users">,
  limit: number,
): Promise<Project[]> {
  return await onShelf(ctx, userId, false).take(limit);
}

/** @throws NOT_FOUND, for a project that does not exist or is deleted as for somebody else's */
export async function ownProject(
  ctx: QueryCtx,
  userId: Id<"users">,
  projectId: Id<"projects">,
): Promise<Project> {
  const project = await ctx.db.get("projects", projectId);
  const there = project?.deletedAt === null ? project : null;
  return owned(there, userId, "There is no such project.");
}

/** A new project without tasks. @throws INVALID_REQUEST, LIMIT_REACHED */
export async function insertProject(
  ctx: MutationCtx,
  userId: Id<"users">,
  fields: { name: string; description: string; links: Infer<typeof projectLink>[] },
): Promise<Project> {
  const now = Date.now();
  const { name, description, links } = accepted(fields);
  await refuseWithoutRoom(ctx, userId);
  const projectId = await ctx.db.insert("projects", {
    userId,
    displayId: await drawDisplayId(ctx, userId, "PR"),
    name: name ?? "",
    description: description ?? "",
    links: links ?? [],
    status: "active",
    counts: { todo: 0, doing: 0, done: 0 },
    archived: false,
    deletedAt: null,
    createdAt: now,
    updatedAt: now,
  });
  return await ownProject(ctx, userId, projectId);
}

/** @throws LIMIT_REACHED */
async function refuseWithoutRoom(ctx: QueryCtx, userId: Id<"users">): Promise<void> {
  const present = await ctx.db
    .query("projects")
    .withIndex("by_userId_and_shelf", (q) => q.eq("userId", userId).eq("deletedAt", null))
    .take(PROJECTS_MAX);
  if (present.length >= PROJECTS_MAX) {
    throw appError(
      "LIMIT_REACHED",
      `You have ${PROJECTS_MAX} projects, which is all there is room for. Delete one first.`,
    );
  }
}

type Changes = Partial<Pick<Project, "name" | "description" | "status" | "links">>;

/** @throws INVALID_REQUEST */
function accepted({ name, description, links, status }: Changes): Changes {
  return {
    ...(name === undefined ? {} : { name: requiredText(name, "a name", NAME_MAX_CHARACTERS) }),
    ...(description === undefined
      ? {}
      : { description: optionalText(description, "a description", DESCRIPTION_MAX_CHARACTERS) }),
    ...(links === undefined ? {} : { links: acceptedLinks(links) }),
    ...(status === undefined ? {} : { status }),
  };
}

/**
 * Makes a project's tasks active or not, as the project itself now is: `SETTLED_AT_ONCE` at once,
 * and those beyond in steps that follow. Each step looks at the project anew, so steps of an
 * earlier change do what the last one wants.
 */
async function settleTasks(ctx: MutationCtx, project: Project): Promise<void> {
  const tasks = await ctx.db
    .query("tasks")
    .withIndex("by_projectId_and_position", (q) =>
      q.eq("projectId", project._id).eq("deletedAt", null),
    )
    .collect();
  const isOpen = !project.archived && project.deletedAt === null;
  const unsettled = tasks.filter((task) => task.isActive !== (isOpen && task.status !== "done"));
  for (const { _id, isActive } of unsettled.slice(0, SETTLED_AT_ONCE)) {
    await ctx.db.patch("tasks", _id, { isActive: !isActive });
  }
  if (unsettled.length > SETTLED_AT_ONCE) {
    await ctx.scheduler.runAfter(0, internal.projects.projects.settle, { projectId: project._id });
  }
}
