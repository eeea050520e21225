import type { RequestMessage } from "./request.ts";

const TITLE_WORDS = 5;

/** Words that say little about what a question is about. */
const LITTLE_WORDS = new Set(
  (
    "a about am an and answer are be can could did do does for from give has have how i in is it " +
    "me my of on or please question should tell that the there this to was were what when where " +
    "which who why will with would you your"
  ).split(" "),
);

/** Whether the instructions ask for a title of a conversation that is quoted below them. */
export function asksForTitle(messages: readonly RequestMessage[]): boolean {
  return messages.some(
    ({ role, content }) =>
      (role === "developer" || role === "system") && /^write a title\b/i.test(content),
  );
}

/** The first words that say something of what is quoted: a label, then the question below it. */
export function titleText(quoted: string): string {
  const [label = "", question = label] = quoted.split(/\n{2,}/, 2);
  const words = (question.match(/[\p{L}\p{N}]+/gu) ?? []).filter(
    (word) => !LITTLE_WORDS.has(word.toLowerCase()),
  );
  const title = words.slice(0, TITLE_WORDS).join(" ") || "A short talk";
  return title.charAt(0).toUpperCase() + title.slice(1);
}
