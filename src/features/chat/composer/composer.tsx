import { ArrowUp, ListPlus, Square } from "@/components/icons";
import { clsx } from "clsx";
import { type ClipboardEvent, type ReactNode, type Ref, useRef, useState } from "react";
import { LONG_PASTE_CHARACTERS } from "../../../../convex/chat/limits";
import { trimmed } from "../../../../convex/lib/characters";
import { Button } from "../../../components/button";
import { typesOnKeyboard } from "../../../lib/pointer";
import { useKeptFocus } from "../../../lib/use-kept-focus";
import { useStable } from "../../../lib/use-stable";
import { AttachButton } from "./attach-button";
import { attachmentProblem } from "./attachable";
import { DraftAttachments } from "./draft-attachments";
import type { DraftAttachment } from "./drafts";
import { GrowingField } from "./growing-field";
import { readTexts } from "./read-texts";
import { useFileDrop } from "./use-file-drop";

/** Characters before the limit at which the counter appears. */
const COUNTER_FROM = 500;

export type ComposerState =
  /** A message may be sent. */
  | { readonly kind: "ready" }
  /** The last message is on its way. */
  | { readonly kind: "sending" }
  /** An answer is written and may be stopped. */
  | { readonly kind: "answering"; readonly onStop: () => void };

/** Where a person writes. Typing is always possible; whether sending is depends on `state`. */
export function Composer({
  text,
  onType,
  attachments,
  onAttachments,
  onSend,
  onQueue,
  state,
  price,
  tools,
  maxCharacters,
  fieldRef,
}: {
  readonly text: string;
  readonly onType: (text: string) => void;
  readonly attachments: readonly DraftAttachment[];
  /** Takes what is attached from now on, and the text if that changes with it. */
  readonly onAttachments: (attachments: readonly DraftAttachment[], text?: string) => void;
  readonly onSend: (text: string) => void;
  /** Takes a message that cannot be sent yet; absent while there is no queue to put it into. */
  readonly onQueue?: ((text: string) => void) | undefined;
  readonly state: ComposerState;
  /** What sending costs, in words. */
  readonly price: string;
  /** What is chosen for the message: its context, its model. */
  readonly tools?: ReactNode;
  readonly maxCharacters: number;
  readonly fieldRef?: Ref<HTMLTextAreaElement>;
}) {
  const form = useRef<HTMLFormElement>(null);
  // That of an attachment that is removed, say.
  const keepFocus = useKeptFocus(takeFocusBack);
  const [problems, setProblems] = useState<readonly string[]>([]);
  const content = trimmed(text);
  const excess = content.length - maxCharacters;
  const isWhole = content !== "" && excess <= 0;
  const maySend = state.kind === "ready" && isWhole;
  const mayQueue = state.kind !== "ready" && onQueue !== undefined && isWhole;

  function submit() {
    if (maySend) onSend(content);
    else if (mayQueue) onQueue(content);
    else return;
    setProblems([]);
    takeFocusBack();
  }

  /** From a button that is about to give way to the other one. */
  function takeFocusBack() {
    if (typesOnKeyboard()) form.current?.querySelector("textarea")?.focus();
  }

  // What fits is attached, and each of the others named. Files take their time to read, so what is
  // attached by then counts.
  const attach = useStable((added: readonly DraftAttachment[], found: readonly string[] = []) => {
    const attached = [...attachments];
    const refused = [...found];
    for (const attachment of added) {
      const problem = attachmentProblem(attached, attachment);
      if (problem === null) attached.push(attachment);
      else refused.push(problem);
    }
    setProblems([...new Set(refused)]);
    onAttachments(attached);
    takeFocusBack();
  });

  async function attachFiles(files: readonly File[]) {
    const { texts, problems: unread } = await readTexts(files);
    attach(texts, unread);
  }
  const isDropTarget = useFileDrop((files) => void attachFiles(files));

  function onPaste(event: ClipboardEvent) {
    const pasted = { name: "Pasted text", text: event.clipboardData.getData("text/plain") };
    if (pasted.text.length <= LONG_PASTE_CHARACTERS) return;
    // What cannot be attached is pasted as ever: nothing is lost, and the counter says the rest.
    if (attachmentProblem(attachments, pasted) !== null) return;
    event.preventDefault();
    attach([pasted]);
  }

  return (
    <form
      ref={form}
      aria-label="Composer"
      {...keepFocus}
      className={clsx(
        "rounded-[18px] border border-line bg-raised px-3 pt-3 pb-2.5 shadow-float transition-[border-color] duration-150 focus-within:border-[color-mix(in_oklab,var(--accent-text)_55%,var(--line))]",
        // Each blink has the page painted, which is busy enough.
        state.kind !== "ready" && "[caret-animation:manual]",
        isDropTarget && "border-accent-text! border-dashed!",
      )}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <DraftAttachments
        attachments={attachments}
        onChange={onAttachments}
        onPutIntoMessage={(put, others) => onAttachments(others, joined(text, put))}
      />
      <GrowingField
        text={text}
        placeholder={attachments.length === 0 ? "Ask anything…" : "Say what to do with it…"}
        onType={onType}
        onEnter={submit}
        onPaste={onPaste}
        fieldRef={fieldRef}
      />
      {problems.length > 0 && (
        <div role="alert" className="px-1.5 pb-2 text-[13.5px] wrap-anywhere text-bad">
          {problems.map((problem) => (
            <p key={problem}>{problem}</p>
          ))}
        </div>
      )}
      <div className="flex min-h-9 items-end gap-2.5">
        <div className="flex min-w-0 flex-1 flex-wrap items-center gap-x-1.5 gap-y-1">
          <AttachButton onFiles={(files) => void attachFiles(files)} />
          {tools}
          {excess > -COUNTER_FROM && (
            <Counter
              excess={excess}
              onAttach={
                attachmentProblem(attachments, { name: "Long text", text }) === null
                  ? () => onAttachments([...attachments, { name: "Long text", text }], "")
                  : null
              }
            />
          )}
        </div>
        <div
          className="flex min-h-9 flex-none items-center gap-2.5"
          // The second press of a double click finds another button, or one that cannot be pressed.
          onMouseDown={(event) => {
            if (typesOnKeyboard()) event.preventDefault();
          }}
        >
          <span className="text-[13px] text-ink-2">{price}</span>
          {mayQueue && (
            <Button
              type="submit"
              size="icon"
              aria-label="Queue message"
              title="Send it when the answer is complete"
              className="rounded-full!"
            >
              <ListPlus size={17} strokeWidth={1.75} aria-hidden="true" />
            </Button>
          )}
          {state.kind === "answering" ? (
            <Button
              kind="bare"
              size="icon"
              aria-label="Stop generating"
              className="rounded-full! bg-ink! text-paper! transition-none!"
              onClick={() => {
                state.onStop();
                takeFocusBack();
              }}
            >
              <Square size={13} strokeWidth={1.75} className="fill-current" aria-hidden="true" />
            </Button>
          ) : (
            <Button
              type="submit"
              kind="primary"
              size="icon"
              aria-label="Send message"
              className="rounded-full! transition-none! disabled:pointer-events-none"
              disabled={!maySend}
            >
              <ArrowUp size={18} strokeWidth={2} aria-hidden="true" />
            </Button>
          )}
        </div>
      </div>
    </form>
  );
}

function joined(text: string, more: string): string {
  return text.trim() === "" ? more : `${text}\n\n${more}`;
}

/** How much room is left, near the limit; past it, the way on. */
function Counter({
  excess,
  onAttach,
}: {
  readonly excess: number;
  /** `null` when the text cannot be attached. */
  readonly onAttach: (() => void) | null;
}) {
  if (excess <= 0) {
    return (
      <span className="px-1.5 text-[13px] text-ink-2 tabular-nums">
        {(-excess).toLocaleString("en")} left
      </span>
    );
  }
  return (
    <>
      <span role="status" className="px-1.5 text-[13px] font-[550] text-bad tabular-nums">
        {excess.toLocaleString("en")} over the limit
      </span>
      {onAttach && (
        <Button size="small" onClick={onAttach}>
          Make it an attachment
        </Button>
      )}
    </>
  );
}
