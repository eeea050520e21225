/** The shape of a draft as the model writes it, and reading it while it is not whole yet. */

import { isBlank } from "../lib/characters";

export type Priority = "low" | "normal" | "high";

export interface DraftedTask {
  readonly title: string;
  readonly notes: string;
  readonly priority: Priority;
  /** Days from today, or `null` for a task without a day. */
  readonly dueInDays: number | null;
}

export interface DraftedProject {
  readonly name: string;
  readonly description: string;
  readonly tasks: readonly DraftedTask[];
}

/** Longer than this a draft is not: the model has lost its way. */
export const DRAFT_MAX_CHARACTERS = 20_000;
export const DRAFT_MAX_TASKS = 30;

/** Whether none of a draft was written yet: discarded now, it costs nothing. */
export function isUnwritten({ status, text }: { status: string; text: string }): boolean {
  return status === "writing" && isBlank(text);
}

/** As much of the draft as can be read of text that may break off anywhere. */
export function readPartialDraft(text: string): DraftedProject {
  const { name, description, tasks } = asRecord(partialJson(text));
  return {
    name: asText(name),
    description: asText(description),
    tasks: (Array.isArray(tasks) ? tasks : []).map((value) => {
      const task = asRecord(value);
      const { priority, dueInDays } = task;
      return {
        title: asText(task.title),
        notes: asText(task.notes),
        priority: priority === "low" || priority === "high" ? priority : "normal",
        dueInDays: typeof dueInDays === "number" && dueInDays >= 0 ? Math.round(dueInDays) : null,
      };
    }),
  };
}

/**
 * Reads JSON that may break off anywhere: an open string is closed, what has only begun is left
 * out. `undefined` when nothing can be read.
 */
export function partialJson(text: string): unknown {
  const { candidates } = scan(text);
  for (const candidate of candidates) {
    try {
      return JSON.parse(candidate) as unknown;
    } catch {
      // It ended inside a name, a number or a word: the next candidate leaves that out.
    }
  }
  return undefined;
}

/** An escape that has only begun, at the end: its backslash, and whole escaped ones before it. */
const HALF_ESCAPE = /(?<!\\)((?:\\\\)*)\\(?:u[\da-f]{0,3})?$/i;

/** The texts to try, the longest first: all of it, then only as far as each of the last values. */
function scan(text: string): { candidates: string[] } {
  const closers: string[] = [];
  const cuts: string[] = [];
  let inString = false;
  let isEscaped = false;
  for (let index = 0; index < text.length; index++) {
    const character = text[index];
    if (inString) {
      if (isEscaped) isEscaped = false;
      else if (character === "\\") isEscaped = true;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === "{" || character === "[") {
      closers.unshift(character === "{" ? "}" : "]");
      keepCut(cuts, text.slice(0, index + 1) + closers.join(""));
    } else if (character === "}" || character === "]") closers.shift();
    else if (character === ",") keepCut(cuts, text.slice(0, index) + closers.join(""));
  }
  const open = inString ? `${text.replace(HALF_ESCAPE, "$1")}"` : text;
  return { candidates: [open + closers.join(""), ...cuts.toReversed()] };
}

/** Only the newest few can be needed: what breaks off is one value and its name. */
function keepCut(cuts: string[], cut: string): void {
  cuts.push(cut);
  if (cuts.length > 4) cuts.shift();
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function asText(value: unknown): string {
  return typeof value === "string" ? value : "";
}
