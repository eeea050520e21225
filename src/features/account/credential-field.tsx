import { clsx } from "clsx";
import { useEffect, useId, useRef } from "react";
import { typesOnKeyboard } from "../../lib/pointer";

/** A labelled field for a secret or an address, with room for a hint below. */
export function CredentialField({
  label,
  name,
  hint,
  problemId,
  autoComplete,
  autoFocus = false,
}: {
  readonly label: string;
  readonly name: "email" | "password";
  readonly autoComplete: string;
  readonly hint?: string | undefined;
  /** The element that says what is wrong with what stands in it. */
  readonly problemId?: string | undefined;
  readonly autoFocus?: boolean;
}) {
  const id = useId();
  const hintId = hint === undefined ? undefined : `${id}-hint`;
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (autoFocus && typesOnKeyboard()) input.current?.focus();
  }, [autoFocus]);
  return (
    <div>
      <label htmlFor={id} className="block pb-1.5 text-sm font-[550]">
        {label}
      </label>
      <input
        id={id}
        ref={input}
        name={name}
        type={name}
        autoComplete={autoComplete}
        placeholder=" "
        required
        aria-invalid={problemId !== undefined}
        aria-describedby={clsx(problemId, hintId) || undefined}
        className="h-11 w-full rounded-control border border-line bg-raised px-3 text-base transition-[border-color] duration-150 hover:border-ink-3 focus-visible:outline-offset-0 aria-invalid:border-bad"
      />
      {hint !== undefined && (
        <p id={hintId} className="pt-1.5 text-[13px] text-ink-2">
          {hint}
        </p>
      )}
    </div>
  );
}
