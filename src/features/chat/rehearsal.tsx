import { startTransition, useEffect, useState } from "react";
import { createPortal } from "react-dom";
import type { Id } from "../../../convex/_generated/dataModel";
import { Answer } from "./thread/answer";
import type { Drafts } from "./composer/drafts";
import { loadMarkdown, Markdown } from "./markdown/markdown";
import type { Message } from "./message";
import { Question } from "./thread/question";
import { Thread } from "./thread/thread";
import { threadRows } from "./thread/thread-rows";
import type { TurnActions } from "./thread/use-turns";

/** A little of what answers are commonly made of. */
const SAMPLE =
  "## Head\n\nSome **bold**, *slanted* and `code`.\n\n- One\n- Two\n\nAnd a few more words, as they come, one after the other, until it ends.\n\n";
/** So often until a browser takes what draws it for worth its best. */
const ROUNDS = 3;
const WORDS = SAMPLE.repeat(ROUNDS).split(/(?<=\s)/);
/** The answer comes word by word; then it has ended. */
const STEPS = WORDS.length + 1;

let isDone = false;

/**
 * A short conversation that nobody sees, played while the person writes, and only while the page has
 * nothing else to do. A browser is slow with all that it does for the first time, and what it does
 * between the question and the first words somebody waits for.
 */
export function Rehearsal({
  drafts,
  actions,
}: {
  readonly drafts: Drafts;
  readonly actions: TurnActions;
}) {
  const [stage] = useState(() => document.createElement("div"));
  const [step, setStep] = useState<number | null>(null);
  useEffect(() => {
    if (step === null) {
      return isDone ? undefined : onFirstInput(() => void loadMarkdown().then(() => setStep(0)));
    }
    if (step > STEPS) return;
    return whenIdle(() => {
      isDone = step + 1 >= STEPS;
      startTransition(() => setStep(step + 1));
    });
  }, [step]);
  if (step === null || step > STEPS) return null;

  const text = WORDS.slice(0, step).join("");
  const hasEnded = step === STEPS;
  const rows = threadRows(step === 0 ? [] : [answerOf(text), QUESTION], step === 0 ? SENT : null);
  return createPortal(
    <Thread
      rows={rows}
      renderRow={(row) => {
        const common = { drafts, actions, isIdle: hasEnded };
        if (row.kind === "question") {
          return <Question {...common} row={row} onEdited={nothing} />;
        }
        if (step > 0 && !hasEnded) return <Markdown text={text} state="growing" />;
        return (
          <Answer
            {...common}
            row={row}
            frozenAt={null}
            onShown={nothing}
            focusField={nothing}
            isLast
          />
        );
      }}
      placeholder={null}
      sentKey={null}
      openedKey={null}
      wanted={null}
      left={null}
      onLeave={nothing}
      takesFocus={false}
      isWhole
      loadOlder={null}
    />,
    stage,
  );
}

const ALIKE: Omit<Message, "_id" | "parentId" | "role" | "content"> = {
  clientKey: "rehearsal",
  status: "complete",
  error: null,
  creditsUsed: 3,
  tokens: null,
  model: null,
  timestamp: 0,
  version: 1,
  versionCount: 1,
  feedback: null,
  attachments: [],
};

const QUESTION: Message = {
  ...ALIKE,
  _id: "question" as Id<"chatMessages">,
  parentId: null,
  role: "user",
  content: "What?",
};

const SENT = {
  chatKey: "rehearsal",
  clientKey: "rehearsal",
  text: QUESTION.content,
  attachments: [],
  includesContext: null,
  model: null,
  state: "sending",
} as const;

function answerOf(content: string): Message {
  return {
    ...ALIKE,
    _id: "answer" as Id<"chatMessages">,
    parentId: QUESTION._id,
    role: "assistant",
    content,
  };
}

function nothing() {}

function onFirstInput(begin: () => void): () => void {
  document.addEventListener("input", begin, { once: true });
  return () => document.removeEventListener("input", begin);
}

function whenIdle(work: () => void): () => void {
  if (globalThis.requestIdleCallback === undefined) {
    const timer = setTimeout(work);
    return () => clearTimeout(timer);
  }
  const handle = requestIdleCallback(work);
  return () => cancelIdleCallback(handle);
}
