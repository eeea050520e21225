import { clsx } from "clsx";
import { X } from "@/components/icons";
import { Dialog as Radix } from "radix-ui";
import { type ReactNode, useRef } from "react";
import { restoreFocus } from "../lib/last-focus";
import { typesOnKeyboard } from "../lib/pointer";
import { Button } from "./button";

/**
 * A question or a form over the page. Its title is its name for screen readers. Esc, the cross and
 * a press beside it close it, but the last no more once something was typed in it; the focus begins
 * in its first field, stays inside while it is open and then goes back to where it was.
 */
export function Dialog({
  title,
  open,
  onClose,
  children,
  actions,
  wide = false,
}: {
  readonly title: string;
  readonly open: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** Buttons below, the main one last. */
  readonly actions?: ReactNode;
  readonly wide?: boolean;
}) {
  const hasTypedText = useRef(false);
  return (
    <Radix.Root open={open} onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 animate-appear bg-[oklch(0.15_0.01_260/0.4)]" />
        <Radix.Content
          aria-describedby={undefined}
          onOpenAutoFocus={(event) => {
            hasTypedText.current = false;
            const field = typesOnKeyboard() && fieldIn(event.currentTarget);
            if (!field) return;
            event.preventDefault();
            field.focus();
          }}
          onInput={({ target }) => {
            if (isText(target)) hasTypedText.current = true;
          }}
          onPointerDownOutside={(event) => {
            if (hasTypedText.current) event.preventDefault();
          }}
          onCloseAutoFocus={(event) => {
            if (restoreFocus()) event.preventDefault();
          }}
          className={clsx(
            "fixed top-1/2 left-1/2 z-50 flex max-h-[min(88dvh,720px)] w-[calc(100vw-24px)] -translate-1/2 animate-appear flex-col overflow-hidden rounded-card border border-line bg-raised shadow-float outline-none",
            wide ? "max-w-2xl" : "max-w-md",
          )}
        >
          <div className="flex items-start gap-3 pt-5 pr-3.5 pl-6">
            <Radix.Title className="min-w-0 flex-1 font-display text-2xl leading-tight tracking-[-0.01em]">
              {title}
            </Radix.Title>
            <Radix.Close asChild>
              <Button kind="bare" size="icon-small" aria-label="Close">
                <X size={17} strokeWidth={1.75} aria-hidden="true" />
              </Button>
            </Radix.Close>
          </div>
          <div className="min-h-0 overflow-y-auto px-6 pt-2.5 pb-6">{children}</div>
          {actions && (
            <div className="flex flex-wrap justify-end gap-2 border-t border-line bg-panel px-6 py-4">
              {actions}
            </div>
          )}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

function fieldIn(dialog: EventTarget | null): HTMLElement | null {
  return dialog instanceof HTMLElement ? dialog.querySelector("input, textarea") : null;
}

/** Whether this is written in by hand, and not only ticked, chosen or searched with. */
function isText(target: EventTarget): boolean {
  if (target instanceof HTMLTextAreaElement) return true;
  return (
    target instanceof HTMLInputElement && !["checkbox", "radio", "search"].includes(target.type)
  );
}
