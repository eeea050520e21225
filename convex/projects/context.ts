import type { Infer } from "convex/values";
import type { Doc, Id } from "../_generated/dataModel";
import type { QueryCtx } from "../_generated/server";
import { oneLine, wholeCharacters } from "../lib/characters";
import { recentProjects } from "./projects";
import type { contextItem } from "./tables";
import { activeTasks, tasksOf } from "./tasks";

const RECENT_PROJECTS = 5;
const ACTIVE_TASKS = 30;
const NOTES_CHARACTERS = 300;
/** Less of a page than this says nothing. */
const SMALLEST_PAGE_TOKENS = 60;

type ContextItem = Infer<typeof contextItem>;

/** What the model is told of a person's projects, word for word, and what that holds. */
export interface ProjectContext {
  readonly text: string;
  readonly items: ContextItem[];
}

/**
 * What a chat's model is told of the person's work: of one project, with its tasks and pages, or
 * with `null` of the recent projects and the active tasks. The most urgent and the newest comes
 * first, and whole entries are taken until `tokenBudget` is used; a page is cut to what is left.
 * Empty for a project that is gone, is somebody else's, or when there is nothing to tell.
 */
export async function projectContext(
  ctx: QueryCtx,
  userId: Id<"users">,
  { projectId, tokenBudget }: { projectId: Id<"projects"> | null; tokenBudget: number },
): Promise<ProjectContext> {
  const notes = new Notes(tokenBudget);
  if (projectId === null) await tellOfEverything(ctx, userId, notes);
  else await tellOfProject(ctx, userId, projectId, notes);
  return { text: notes.text, items: notes.items };
}

async function tellOfEverything(ctx: QueryCtx, userId: Id<"users">, notes: Notes): Promise<void> {
  const projects = await recentProjects(ctx, userId, RECENT_PROJECTS);
  const tasks = await activeTasks(ctx, userId, ACTIVE_TASKS);
  notes.head("Active tasks, the most urgent first:");
  for (const task of tasks) {
    const project =
      projects.find(({ _id }) => _id === task.projectId) ??
      (await ctx.db.get("projects", task.projectId));
    notes.add(taskItem(task), `${taskLine(task)}; project ${project?.displayId ?? "unknown"}`);
  }
  notes.head("Recent projects:");
  for (const project of projects) notes.add(projectItem(project), projectLine(project));
}

async function tellOfProject(
  ctx: QueryCtx,
  userId: Id<"users">,
  projectId: Id<"projects">,
  notes: Notes,
): Promise<void> {
  const project = await ctx.db.get("projects", projectId);
  if (project === null || project.userId !== userId || project.deletedAt !== null) return;
  notes.head("This chat belongs to a project:");
  notes.add(projectItem(project), projectLine(project));
  const tasks = await tasksOf(ctx, projectId);
  notes.head("Its tasks, the most urgent first:");
  for (const task of tasks.toSorted(byUrgency)) notes.add(taskItem(task), taskLine(task));
  const pages = await ctx.db
    .query("projectPages")
    .withIndex("by_projectId", (q) => q.eq("projectId", projectId))
    .order("desc")
    .collect();
  for (const page of pages) {
    if (page.status !== "ready") continue;
    const head = `A web page kept with the project, “${page.title}” (${page.url}):`;
    if (!notes.hasRoomFor(roughTokens(head) + SMALLEST_PAGE_TOKENS)) continue;
    const found = await ctx.db
      .query("projectPageTexts")
      .withIndex("by_pageId", (q) => q.eq("pageId", page._id))
      .unique();
    notes.head(head);
    notes.addCut({ kind: "page", id: page.url, title: page.title }, found?.text ?? "");
  }
}

/** Done last; then by day, those without one after those with one; then by priority. */
function byUrgency(a: Doc<"tasks">, b: Doc<"tasks">): number {
  const isDone = ({ status }: Doc<"tasks">) => Number(status === "done");
  const day = ({ dueOn }: Doc<"tasks">) => dueOn ?? "9999";
  const rank = ({ priority }: Doc<"tasks">) => ["high", "normal", "low"].indexOf(priority);
  return isDone(a) - isDone(b) || day(a).localeCompare(day(b)) || rank(a) - rank(b);
}

function taskItem({ displayId, title }: Doc<"tasks">) {
  return { kind: "task" as const, id: displayId, title };
}

function taskLine({ displayId, title, status, priority, dueOn, notes }: Doc<"tasks">): string {
  const details = [
    { todo: "to do", doing: "in progress", done: "done" }[status],
    ...(dueOn === null ? [] : [`due ${dueOn}`]),
    ...(priority === "normal" ? [] : [`${priority} priority`]),
  ].join(", ");
  const note = notes === "" ? "" : ` — ${shortLine(notes)}`;
  return `- ${displayId} ${title} (${details})${note}`;
}

function projectItem({ displayId, name }: Doc<"projects">) {
  return { kind: "project" as const, id: displayId, title: name };
}

function projectLine({ displayId, name, description, status, counts }: Doc<"projects">): string {
  const total = counts.todo + counts.doing + counts.done;
  const about = description === "" ? "" : ` — ${shortLine(description)}`;
  return `- ${displayId} ${name} (${status}, ${counts.done} of ${total} tasks done)${about}`;
}

function shortLine(text: string): string {
  const line = oneLine(text);
  return line.length <= NOTES_CHARACTERS ? line : `${wholeCharacters(line, NOTES_CHARACTERS)}…`;
}

/** Text that grows until its tokens are used up. */
class Notes {
  readonly items: ContextItem[] = [];
  readonly #parts: string[] = [];
  #room: number;
  #head: string | null = null;

  constructor(tokenBudget: number) {
    this.#room = tokenBudget;
  }

  get text(): string {
    return this.#parts.join("\n");
  }

  hasRoomFor(tokens: number): boolean {
    return this.#room >= tokens;
  }

  /** A line that stands above the next entry, if there is one. */
  head(line: string): void {
    this.#head = line;
  }

  /** Adds an entry if the whole of it fits. */
  add(item: Omit<ContextItem, "tokens">, line: string): void {
    const text = this.#head === null ? line : `${this.#head}\n${line}`;
    const tokens = roughTokens(text);
    if (tokens > this.#room) return;
    this.#head = null;
    this.#room -= tokens;
    this.#parts.push(text);
    this.items.push({ ...item, tokens });
  }

  /** Adds as much of a long text as fits. */
  addCut(item: Omit<ContextItem, "tokens">, text: string): void {
    const room = this.#room - roughTokens(this.#head ?? "") - 1;
    let length = text.length;
    while (length > 0 && roughTokens(text.slice(0, length)) > room) {
      length = Math.floor(length * Math.min(0.95, room / roughTokens(text.slice(0, length))));
    }
    if (length > 0) this.add(item, wholeCharacters(text, length));
  }
}

/**
 * How many tokens a text has at most, about: a letter of most scripts but Latin is one. Counting
 * them exactly takes a tokenizer's tables, which a transaction has no time to load.
 */
export function roughTokens(text: string): number {
  let beyondAscii = 0;
  for (let index = 0; index < text.length; index++) {
    if (text.charCodeAt(index) > 127) beyondAscii += 1;
  }
  return Math.ceil((text.length - beyondAscii) / 3) + beyondAscii;
}
