import {
  type DraftedProject,
  type Priority,
  readPartialDraft,
} from "../../../convex/projects/draftText";
import { calendarDayOf } from "../../lib/due-date";

/** A task of a draft as the person edits it. */
export interface EditedTask {
  /** Only to know it by while it is edited. */
  readonly key: string;
  readonly title: string;
  readonly notes: string;
  readonly priority: Priority;
  readonly dueOn: string | null;
}

export interface EditedDraft {
  readonly name: string;
  readonly description: string;
  readonly tasks: readonly EditedTask[];
}

/** What the model has written so far, with days of the person's own calendar. */
export function editable(text: string, now: Date): EditedDraft {
  const { name, description, tasks }: DraftedProject = readPartialDraft(text);
  return {
    name,
    description,
    tasks: tasks.map(({ dueInDays, ...task }, index) => ({
      ...task,
      key: `drafted-${index}`,
      dueOn: dueInDays === null ? null : dayAfter(now, dueInDays),
    })),
  };
}

function dayAfter(now: Date, days: number): string {
  return calendarDayOf(new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, 12));
}

const keyOf = (draftId: string) => `parley:draft:${draftId}`;

/** The person's edits of a draft, kept in this browser until it is accepted or discarded. */
export function storedEdits(draftId: string): EditedDraft | null {
  try {
    return JSON.parse(localStorage.getItem(keyOf(draftId)) ?? "null") as EditedDraft | null;
  } catch {
    return null;
  }
}

export function storeEdits(draftId: string, edits: EditedDraft | null): void {
  if (edits === null) localStorage.removeItem(keyOf(draftId));
  else localStorage.setItem(keyOf(draftId), JSON.stringify(edits));
}
