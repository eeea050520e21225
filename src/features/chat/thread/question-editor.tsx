import { type KeyboardEvent, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { MESSAGE_MAX_CHARACTERS } from "../../../../convex/chat/limits";
import { COSTS } from "../../../../convex/credits/rules";
import { trimmed } from "../../../../convex/lib/characters";
import { Button } from "../../../components/button";
import { useIsIncluded } from "../../../lib/price";
import type { Drafts } from "../composer/drafts";
import { isComposing } from "../composer/is-composing";
import type { Message } from "../message";

/**
 * A question in the making again. What is typed is kept like any draft, so a reload or a refusal
 * loses nothing; Escape gives it up.
 */
export function QuestionEditor({
  message,
  drafts,
  onSend,
  onClose,
}: {
  readonly message: Message;
  readonly drafts: Drafts;
  /** Resolves to whether the new text was accepted. */
  readonly onSend: (text: string) => Promise<boolean>;
  readonly onClose: (isSent: boolean) => void;
}) {
  const place = `edit:${message._id}`;
  const draft = useSyncExternalStore(drafts.subscribe, () => drafts.get(place));
  const text = draft.text === "" ? message.content : draft.text;
  const [isSending, setIsSending] = useState(false);
  const [isCleared, setIsCleared] = useState(false);
  const shown = isCleared && draft.text === "" ? "" : text;
  const field = useRef<HTMLTextAreaElement>(null);
  const content = trimmed(shown);
  const excess = content.length - MESSAGE_MAX_CHARACTERS;
  const maySend = !isSending && content !== "" && excess <= 0;

  useEffect(() => {
    const { current } = field;
    current?.focus();
    current?.setSelectionRange(current.value.length, current.value.length);
  }, []);

  const isIncluded = useIsIncluded();
  const sendLabel = isIncluded ? "Send" : `Send · ${COSTS.chatMessage} credits`;

  function close(isSent: boolean) {
    drafts.type(place, "");
    onClose(isSent);
  }

  async function send() {
    if (!maySend) return;
    setIsSending(true);
    const isAccepted = await onSend(content);
    setIsSending(false);
    if (isAccepted) close(true);
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.key === "Escape") {
      event.stopPropagation();
      close(false);
    }
    if (event.key === "Enter" && !event.shiftKey && !isComposing(event)) {
      event.preventDefault();
      void send();
    }
  }

  return (
    <form
      className="w-full rounded-bubble border border-line bg-raised p-3 shadow-float focus-within:border-[color-mix(in_oklab,var(--accent-text)_55%,var(--line))]"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <textarea
        ref={field}
        dir="auto"
        aria-label="Edit your message"
        value={shown}
        readOnly={isSending}
        onChange={({ target }) => {
          setIsCleared(target.value === "");
          drafts.type(place, target.value);
        }}
        onKeyDown={onKeyDown}
        className="block field-sizing-content max-h-[min(50dvh,420px)] min-h-12 w-full resize-none bg-transparent px-1.5 text-base leading-normal outline-none"
      />
      <div className="flex flex-wrap items-center justify-end gap-2 pt-2">
        <span className="mr-auto px-1.5 text-[13px] text-ink-2">
          {excess > 0 ? `${excess} over the limit` : "The answer below stays as another version."}
        </span>
        <Button size="small" onClick={() => close(false)}>
          Cancel
        </Button>
        <Button type="submit" kind="primary" size="small" disabled={!maySend}>
          {isSending ? "Sending…" : sendLabel}
        </Button>
      </div>
    </form>
  );
}
