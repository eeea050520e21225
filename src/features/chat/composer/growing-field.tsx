import { type ClipboardEvent, type KeyboardEvent, type Ref, useLayoutEffect, useRef } from "react";
import { isComposing } from "./is-composing";

/** A field that grows with its text up to a part of the page, and then scrolls. */
export function GrowingField({
  text,
  placeholder,
  onType,
  onEnter,
  onPaste,
  fieldRef,
}: {
  readonly text: string;
  readonly placeholder: string;
  readonly onType: (text: string) => void;
  readonly onEnter: () => void;
  readonly onPaste: (event: ClipboardEvent) => void;
  readonly fieldRef: Ref<HTMLTextAreaElement> | undefined;
}) {
  const box = useRef<HTMLDivElement>(null);

  // For browsers without `field-sizing`.
  useLayoutEffect(() => {
    const field = box.current?.querySelector("textarea");
    if (!field || CSS.supports("field-sizing", "content")) return;
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight}px`;
  });

  function onKeyDown(event: KeyboardEvent) {
    if (event.key !== "Enter" || event.shiftKey || isComposing(event)) return;
    event.preventDefault();
    onEnter();
  }

  return (
    <div ref={box}>
      <textarea
        ref={fieldRef}
        dir="auto"
        aria-label="Message"
        placeholder={placeholder}
        rows={1}
        value={text}
        onChange={(event) => onType(event.target.value)}
        onKeyDown={onKeyDown}
        onPaste={onPaste}
        className="block field-sizing-content max-h-[min(38dvh,320px)] w-full resize-none bg-transparent px-1.5 pt-0.5 pb-2.5 text-base leading-normal outline-none placeholder:text-ink-2"
      />
    </div>
  );
}
