import { useEffect, useState } from "react";
import { isRunning, type Message } from "../message";

type Status = Message["status"] | null;

const ENDS: Partial<Record<Message["status"], string>> = {
  complete: "The answer is complete.",
  stopped: "The answer was stopped.",
  failed: "The answer failed.",
};

/** How long there is silence between two words of progress, in milliseconds. */
const INTERVAL_MS = 8000;
const CHARACTERS_A_WORD = 6;

/**
 * Says to a screen reader that an answer has begun, now and then how far it has come, and that it
 * has ended, and not one word of the answer itself: reading along is the person's own choice.
 */
export function Progress({
  answer,
  shownLength,
}: {
  /** The newest one. */
  readonly answer: Pick<Message, "_id" | "status"> | null;
  /** How many characters of a running answer are on the page. */
  readonly shownLength: (messageId: Message["_id"]) => number;
}) {
  const status = answer?.status ?? null;
  const runningId = answer !== null && isRunning(answer) ? answer._id : null;
  const [heard, setHeard] = useState({ status, words: "" });
  if (heard.status !== status) {
    setHeard({ status, words: wordsFor(heard.status, status) ?? heard.words });
  }
  useEffect(() => {
    if (runningId === null) return;
    const timer = setInterval(() => {
      const words = Math.round(shownLength(runningId) / CHARACTERS_A_WORD / 10) * 10;
      if (words > 0) {
        setHeard((now) => ({ ...now, words: `Still answering, about ${words} words so far.` }));
      }
    }, INTERVAL_MS);
    return () => clearInterval(timer);
  }, [runningId, shownLength]);
  return (
    <p role="status" className="sr-only">
      {heard.words}
    </p>
  );
}

function wordsFor(before: Status, now: Status): string | undefined {
  if (now === null) return undefined;
  if (isRunning({ status: now })) {
    return before !== null && isRunning({ status: before }) ? undefined : "Parley is answering.";
  }
  return before !== null && isRunning({ status: before }) ? ENDS[now] : undefined;
}
