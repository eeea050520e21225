import {
  CODE,
  DIAGRAM,
  FORMULAS,
  INTRODUCTION,
  LIST,
  LONG_CODE,
  QUOTE,
  SENTENCES,
  TABLE,
} from "./passages.ts";
import type { Directives } from "./directives.ts";
import { lastQuestion, type RequestMessage } from "./request.ts";
import { asksForTitle, titleText } from "./title.ts";
import { splitTokens } from "./tokens.ts";

const TOPIC_MAX_CHARACTERS = 80;
const SENTENCES_A_PARAGRAPH = 4;
const PARAGRAPHS_A_SECTION = 3;

/**
 * The tokens of the demonstration answer. They follow from the messages alone, so that whoever
 * reads the answer can tell what arrived: the question, the history, the context.
 */
export function answerTokens(
  messages: readonly RequestMessage[],
  length: Directives["length"],
): string[] {
  if (length === null) return splitTokens(answerText(messages));
  const { unit, count } = length;
  if (unit === "characters") return splitTokens(exactly(count, messages));
  // No token is shorter than one character and none is longer than nine with its blank.
  return splitTokens(filler(count * 9, messages)).slice(0, count);
}

/** The text of the demonstration answer to the newest question. */
export function answerText(messages: readonly RequestMessage[]): string {
  const question = lastQuestion(messages);
  if (asksForTitle(messages)) return titleText(question);
  const isFirst = !messages.some(({ role }) => role === "assistant");
  return [...(isFirst ? [INTRODUCTION] : []), ...body(question, messages)].join("\n\n");
}

function body(question: string, messages: readonly RequestMessage[]): string[] {
  const topic = topicOf(question);
  if (/\b(context|project|tasks?)\b/i.test(question)) return [aboutContext(messages)];
  if (/\b(before|earlier|history|so far|remember|previous|how many messages)\b/i.test(question)) {
    return [aboutHistory(messages)];
  }
  if (/\btable\b/i.test(question)) return [`Here is a table, as you asked: “${topic}”.`, TABLE];
  if (/\b(code|function|program|script)\b/i.test(question)) {
    return [
      `You asked for code: “${topic}”.`,
      CODE,
      "The same idea, a little longer and in another language:",
      LONG_CODE,
    ];
  }
  if (/\bformulas?\b/i.test(question)) return [`You asked for formulas: “${topic}”.`, FORMULAS];
  if (/\bdiagram\b/i.test(question)) return [`You asked for a diagram: “${topic}”.`, DIAGRAM];
  if (/\b(list|steps?)\b/i.test(question)) return [`You asked: “${topic}”.`, LIST];
  if (/\b(hello|hi|hey|thanks|thank you|short|briefly)\b/i.test(question)) {
    return [`You said: “${topic}”. I read it, and that is all there is to say.`];
  }
  return longAnswer(topic);
}

function longAnswer(topic: string): string[] {
  return [
    `You asked: “${topic}”.`,
    "## What happens to a question",
    paragraph(0),
    LIST,
    "## In numbers",
    TABLE,
    QUOTE,
    "## As code",
    CODE,
    paragraph(SENTENCES_A_PARAGRAPH),
  ];
}

function aboutHistory(messages: readonly RequestMessage[]): string {
  const talk = messages.filter(({ role }) => role === "user" || role === "assistant");
  const earlier = talk.slice(0, -1);
  const count = `I was sent ${talk.length} ${talk.length === 1 ? "message" : "messages"} of this chat, this one included.`;
  if (earlier.length === 0) return `${count} Nothing was said before.`;
  const lines = earlier.map(
    ({ role, content }) => `- ${role === "user" ? "You" : "I"} said: “${topicOf(content)}”`,
  );
  return `${count} Before it:\n\n${lines.join("\n")}`;
}

function aboutContext(messages: readonly RequestMessage[]): string {
  const given = messages.filter(({ role }) => role === "developer" || role === "system");
  if (given.length === 0) return "I was given no context with this question.";
  const quoted = given.map(({ content }) => content.trim().replace(/^/gm, "> "));
  return `This is all that I was given besides our messages:\n\n${quoted.join("\n\n")}`;
}

/** One line of a message, cut where it gets long. */
function topicOf(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  if (line.length <= TOPIC_MAX_CHARACTERS) return line;
  return `${line.slice(0, TOPIC_MAX_CHARACTERS).trimEnd()}…`;
}

/** A text of that many characters; a surrogate pair is not cut in two, a full stop ends it. */
function exactly(characters: number, messages: readonly RequestMessage[]): string {
  const text = filler(characters, messages).slice(0, Math.max(0, characters - 1));
  return `${text.isWellFormed() ? text : `${text.slice(0, -1)} `}.`;
}

/** At least that many characters of markdown. */
function filler(characters: number, messages: readonly RequestMessage[]): string {
  const parts = [`You asked: “${topicOf(lastQuestion(messages))}”.`];
  let size = parts[0]?.length ?? 0;
  for (let index = 0; size <= characters; index += 1) {
    const section = index % PARAGRAPHS_A_SECTION;
    const heading = section === 0 ? `## Part ${index / PARAGRAPHS_A_SECTION + 1}\n\n` : "";
    const part = heading + paragraph(index * SENTENCES_A_PARAGRAPH);
    parts.push(part);
    size += part.length + 2;
  }
  return parts.join("\n\n");
}

function paragraph(firstSentence: number): string {
  return Array.from(
    { length: SENTENCES_A_PARAGRAPH },
    (_, index) => SENTENCES[(firstSentence + index) % SENTENCES.length],
  ).join(" ");
}
