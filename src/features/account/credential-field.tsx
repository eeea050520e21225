import { useEffect, useId, useRef } from "react";
import { typesOnKeyboard } from "../../lib/pointer";

/** A labelled field for a secret or an address, with room for a hint below. */
export function CredentialField({
  label,
  name,
  hint,
  autoComplete,
  autoFocus = false,
}: {
  readonly label: string;
  readonly name: "email" | "password";
  readonly autoComplete: string;
  readonly hint?: string | undefined;
  readonly autoFocus?: boolean;
}) {
  const id = useId();
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
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        className="h-11 w-full rounded-control border border-line bg-raised px-3 text-base transition-[border-color] duration-150 hover:border-ink-3 focus-visible:outline-offset-0"
      />
      {hint !== undefined && (
        <p id={`${id}-hint`} className="pt-1.5 text-[13px] text-ink-2">
          {hint}
        </p>
      )}
    </div>
  );
}
