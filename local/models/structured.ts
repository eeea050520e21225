import { lastQuestion, type RequestMessage } from "./request.ts";
import { SENTENCES, STEPS } from "./passages.ts";

const TOPIC_MAX_WORDS = 6;
const ITEMS_A_LIST = 6;
/** What whole numbers stand for most often in a plan. */
const DAYS = [2, 5, 9, 14, 21, 30] as const;

type Schema = Readonly<Record<string, unknown>>;

/**
 * The text of an answer that follows a JSON schema: an instance of it whose words come from the
 * question. Of a schema's keywords it knows those that strict structured output allows.
 */
export function structuredText(messages: readonly RequestMessage[], schema: Schema): string {
  const topic = topicOf(lastQuestion(messages));
  return JSON.stringify(instanceOf(schema, { name: "", index: 0, isInList: false, topic }));
}

interface Place {
  /** The name of the property. */
  readonly name: string;
  /** Of the entry of a list that it belongs to. */
  readonly index: number;
  readonly isInList: boolean;
  readonly topic: string;
}

function instanceOf(schema: Schema, place: Place): unknown {
  const { enum: values, type } = schema;
  if (Array.isArray(values)) return values[(place.index + 1) % values.length];
  const types = Array.isArray(type) ? type : [type];
  // What may be missing is missing in one of three.
  if (types.includes("null") && place.index % 3 === 2) return null;
  if (types.includes("object")) return objectOf(schema, place);
  if (types.includes("array")) {
    return Array.from({ length: ITEMS_A_LIST }, (_, index) =>
      instanceOf(asSchema(schema.items), { ...place, index, isInList: true }),
    );
  }
  if (types.includes("integer") || types.includes("number")) return DAYS[place.index % DAYS.length];
  if (types.includes("boolean")) return place.index % 2 === 0;
  return textFor(place);
}

function objectOf(schema: Schema, place: Place): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(asSchema(schema.properties)).map(([name, property]) => [
      name,
      instanceOf(asSchema(property), { ...place, name }),
    ]),
  );
}

function textFor({ name, index, isInList, topic }: Place): string {
  if (/name|title/i.test(name)) {
    return isInList ? (STEPS[index % STEPS.length] ?? topic) : topic;
  }
  if (isInList) return index % 2 === 0 ? (SENTENCES[index % SENTENCES.length] ?? "") : "";
  return `A demonstration of a plan for: ${topic}. A real model would write one that fits; this one shows how it arrives.`;
}

/** The first words of a question, with a capital. */
function topicOf(question: string): string {
  const words = question
    .replace(/\bplease\b.*$/is, "")
    .replace(/[^\p{L}\p{N}\s'-]/gu, " ")
    .trim()
    .split(/\s+/)
    .slice(0, TOPIC_MAX_WORDS)
    .join(" ");
  const topic = words === "" ? "Something new" : words;
  return topic.charAt(0).toUpperCase() + topic.slice(1);
}

function asSchema(value: unknown): Schema {
  return typeof value === "object" && value !== null ? (value as Schema) : {};
}
