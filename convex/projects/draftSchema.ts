import en from "zod/v4/locales/en.js";
import * as z from "zod/mini";
import { trimmed } from "../lib/characters";
import type { ReplyFormat } from "../models/provider";
import {
  DESCRIPTION_MAX_CHARACTERS,
  NAME_MAX_CHARACTERS,
  NOTES_MAX_CHARACTERS,
  TITLE_MAX_CHARACTERS,
} from "./limits";
import { DRAFT_MAX_TASKS, type DraftedProject } from "./draftText";

const YEAR_DAYS = 366;

// zod/mini leaves its messages out unless they are asked for.
z.config(en());

function line(maxCharacters: number) {
  return z.string().check(z.overwrite(trimmed), z.minLength(1), z.maxLength(maxCharacters));
}

/** What a model's draft must be to be offered to a person. */
const draftSchema = z.strictObject({
  name: line(NAME_MAX_CHARACTERS),
  description: z.string().check(z.maxLength(DESCRIPTION_MAX_CHARACTERS)),
  tasks: z
    .array(
      z.strictObject({
        title: line(TITLE_MAX_CHARACTERS),
        notes: z.string().check(z.maxLength(NOTES_MAX_CHARACTERS)),
        priority: z.enum(["low", "normal", "high"]),
        dueInDays: z.nullable(z.int().check(z.gte(0), z.lte(5 * YEAR_DAYS))),
      }),
    )
    .check(z.minLength(1), z.maxLength(DRAFT_MAX_TASKS)),
});

/**
 * The same, as providers take it: strict structured output wants every property required and knows
 * no limits of length, which is why what comes back is checked all the same.
 */
export const DRAFT_FORMAT: ReplyFormat = {
  name: "project_draft",
  schema: {
    type: "object",
    additionalProperties: false,
    required: ["name", "description", "tasks"],
    properties: {
      name: { type: "string", description: "A short name, at most eight words" },
      description: {
        type: "string",
        description: "Two or three sentences: the goal and its limits",
      },
      tasks: {
        type: "array",
        items: {
          type: "object",
          additionalProperties: false,
          required: ["title", "notes", "priority", "dueInDays"],
          properties: {
            title: { type: "string", description: "What is to be done, beginning with a verb" },
            notes: { type: "string", description: "What helps to do it; may be empty" },
            priority: { type: "string", enum: ["low", "normal", "high"] },
            dueInDays: { type: ["integer", "null"], description: "Days from today, or null" },
          },
        },
      },
    },
  },
};

export type CheckedDraft =
  | { readonly kind: "good"; readonly draft: DraftedProject }
  /** What is wrong, in words that a model can act on. */
  | { readonly kind: "bad"; readonly problem: string };

/** Whether a model's whole output is a draft. A fence of code around it is forgiven. */
export function checkDraft(text: string): CheckedDraft {
  const json = text.trim().replace(/^```(?:json)?\s*|\s*```$/g, "");
  let value: unknown;
  try {
    value = JSON.parse(json, wellFormed);
  } catch (error) {
    return {
      kind: "bad",
      problem: `It is not JSON: ${error instanceof Error ? error.message : ""}`,
    };
  }
  const checked = draftSchema.safeParse(value);
  return checked.success
    ? { kind: "good", draft: checked.data }
    : { kind: "bad", problem: z.prettifyError(checked.error).slice(0, 1000) };
}

/** JSON can name half a character, which nothing can store. */
function wellFormed(_name: string, value: unknown): unknown {
  return typeof value === "string" ? value.toWellFormed() : value;
}
