import { clsx } from "clsx";
import { memo, useEffect, useState } from "react";
import { isBlank } from "../../../../convex/lib/characters";
import { Button } from "../../../components/button";
import { Notice } from "../../../components/notice";
import { PaintPace } from "../../../lib/paint-pace";
import { useKeptFocus } from "../../../lib/use-kept-focus";
import { AnswerActions } from "./answer-actions";
import { Markdown } from "../markdown/markdown";
import { isRunning } from "../message";
import type { AnswerRow, AnswerView } from "./thread-rows";
import { withoutUnsettledMarks } from "../markdown/unsettled-marks";
import { useStreamText } from "./use-stream-text";
import type { TurnActions } from "./use-turns";

export interface AnswerProps {
  readonly row: AnswerRow;
  /** Set from the moment of stopping: no more than these characters are shown until it has ended. */
  readonly frozenAt: number | null;
  /** Tells how many characters of a running piece are on the page. */
  readonly onShown: (messageId: AnswerView["_id"], characters: number) => void;
  readonly actions: TurnActions;
  /** No answer is being written in this chat. */
  readonly isIdle: boolean;
  /** Nothing stands below it: it may be continued. */
  readonly isLast: boolean;
  /** Takes the focus of a button that goes away as another answer begins. */
  readonly focusField: () => void;
}

/**
 * One answer from its first dot to its last word. The same elements stay on the page while it is
 * pending, grows and ends; the text comes from the stream while it runs and from the message after.
 */
export const Answer = memo(function Answer(props: AnswerProps) {
  const { row, frozenAt, onShown, focusField } = props;
  const keepFocus = useKeptFocus(focusField);
  const { first, before, message } = row;
  const running = message === null || isRunning(message);
  const streamed = useStreamText(message?._id ?? null, running);
  const piece = running ? streamed.slice(0, frozenAt ?? undefined) : message.content;
  const isGrowing = running && frozenAt === null;
  const whole = before + piece;
  const text = isGrowing ? withoutUnsettledMarks(whole) : whole;

  const id = message?._id;
  const shown = Math.max(0, text.length - before.length);
  useEffect(() => {
    if (id !== undefined && running) onShown(id, shown);
  }, [id, running, shown, onShown]);

  return (
    <article
      aria-label="Assistant message"
      aria-busy={isGrowing}
      className="message max-w-[94%] max-wide:max-w-full"
      {...keepFocus}
    >
      {text !== "" && (
        <div
          className={clsx(
            "rounded-bubble rounded-bl-[5px] bg-answer px-[18px] py-3.5 max-wide:px-3.5 max-wide:py-3",
            isGrowing && "answer-growing",
          )}
        >
          <Markdown
            key={first?._id}
            text={text}
            coming={whole.slice(text.length)}
            state={isGrowing ? "growing" : message?.status === "complete" ? "whole" : "cut"}
          />
        </div>
      )}
      {message === null ? <Sending /> : isGrowing && shown === 0 && <TypingDots />}
      {!running && message.status === "failed" && <Failure {...props} message={message} />}
      {/* Its place is kept while the answer grows, so that its end moves nothing. */}
      <div className="relative flex min-h-9 flex-wrap items-center px-1 pt-1.5 text-[12.5px] text-ink-2 print:hidden">
        {!running && (
          <>
            {message.status === "stopped" && <Stopped {...props} message={message} />}
            {first !== null && (
              <AnswerActions
                row={{ ...row, first, message }}
                text={text}
                actions={props.actions}
                isIdle={props.isIdle}
              />
            )}
          </>
        )}
      </div>
    </article>
  );
});

/** A question that the server has sooner is not said to be on its way, in milliseconds. */
const SENDING_AFTER_MS = 1000;

/** In the place of the dots: nobody thinks about a question that the server does not have yet. */
function Sending() {
  const [isLate, setIsLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setIsLate(true), SENDING_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  return <p className="h-[22px] px-2 text-[13px] text-ink-2">{isLate && "Sending…"}</p>;
}

/** From one dot to the next where there is time, and otherwise so many times what a picture takes. */
const DOT_MS = 400;
const DOT_REST = 25;

/** An answer that begins sooner has no dots before it, which would only flicker. */
const DOTS_AFTER_MS = 150;

/**
 * One dot after the other is the dark one. Drawn one by one, as an animation keeps the page busy
 * sixty times a second, however few steps it has.
 */
function TypingDots() {
  const [step, setStep] = useState<number | null>(null);
  useEffect(() => {
    const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const pace: PaintPace = new PaintPace(
      () => {
        setStep((now) => (now ?? 0) + 1);
        if (!isStill) pace.request();
      },
      (takes) => Math.max(takes * DOT_REST, DOT_MS),
    );
    const timer = setTimeout(() => pace.request(), DOTS_AFTER_MS);
    return () => {
      clearTimeout(timer);
      pace.end();
    };
  }, []);
  return (
    <div
      className={clsx("flex gap-1 p-2", step === null && "invisible")}
      role="img"
      aria-label="Thinking"
    >
      {[0, 1, 2].map((dot) => (
        <span
          key={dot}
          className={clsx(
            "size-1.5 rounded-full bg-ink-3",
            dot !== (step ?? 0) % 3 && "opacity-35",
          )}
        />
      ))}
    </div>
  );
}

type EndedProps = AnswerProps & { readonly message: AnswerView };

/** Why it broke off, and the two ways on: from where it is, or all over again. */
function Failure(props: EndedProps) {
  const { message, row, actions, isIdle } = props;
  const again = (
    <Button
      size="small"
      disabled={!isIdle}
      onClick={() => actions.regenerate(message.content === "" ? message._id : row.first!._id)}
    >
      Try again
    </Button>
  );
  return (
    <Notice
      className={row.before + message.content === "" ? "" : "mt-2"}
      action={
        props.isLast && (
          <span className="flex gap-2">
            <GoOn {...props} />
            {again}
          </span>
        )
      }
    >
      {message.error?.message ?? "This answer broke off."}
    </Notice>
  );
}

function Stopped(props: EndedProps) {
  return (
    <span className="flex items-center gap-2 pr-2 pl-1.5">
      Stopped by you
      {props.isLast && <GoOn {...props} />}
    </span>
  );
}

function GoOn({ message, actions, isIdle }: EndedProps) {
  const isFiltered = message.error?.code === "CONTENT_FILTERED";
  if (isBlank(message.content) || isFiltered) return null;
  return (
    <Button size="small" disabled={!isIdle} onClick={() => actions.goOn(message._id)}>
      Continue
    </Button>
  );
}
