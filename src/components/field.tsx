import { clsx } from "clsx";
import { ChevronDown } from "@/components/icons";
import { type ComponentProps, type ReactNode, useId } from "react";
import { CharactersLeft } from "./characters-left";

/** What every field of a form looks like; 16 px, so that a phone does not zoom into it. */
const LOOK =
  "w-full rounded-control border border-line bg-raised px-3 text-base transition-[border-color] duration-150 hover:border-ink-3 focus-visible:outline-offset-0 disabled:opacity-55 placeholder:text-ink-2";

interface Labels {
  readonly label: string;
  /** The label is for screen readers alone, because the place says what the field is. */
  readonly hideLabel?: boolean;
  readonly hint?: ReactNode;
}

/** A labelled line of text. */
export function TextField({ className, ...props }: ComponentProps<"input"> & Labels) {
  return (
    <Labelled {...props}>
      {(rest) => (
        <Counted {...props}>
          <input dir="auto" {...rest} className={clsx(LOOK, "h-11", className)} />
        </Counted>
      )}
    </Labelled>
  );
}

/** A labelled text of several lines, which grows with what is typed. */
export function TextArea({ className, ...props }: ComponentProps<"textarea"> & Labels) {
  return (
    <Labelled {...props}>
      {(rest) => (
        <Counted {...props}>
          <textarea
            dir="auto"
            rows={3}
            {...rest}
            className={clsx(LOOK, "field-sizing-content max-h-80 min-h-24 py-2.5", className)}
          />
        </Counted>
      )}
    </Labelled>
  );
}

/** A labelled choice of one among few. */
export function Select<Value extends string>({
  options,
  value,
  onChange,
  className,
  small = false,
  ...props
}: Labels & {
  readonly options: readonly { readonly value: Value; readonly label: string }[];
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  readonly className?: string;
  readonly small?: boolean;
  readonly disabled?: boolean;
}) {
  return (
    <Labelled {...props}>
      {(rest) => (
        <span className={clsx("relative block", className)}>
          <select
            {...rest}
            value={value}
            onChange={(event) => onChange(event.target.value as Value)}
            className={clsx(
              LOOK,
              "cursor-pointer appearance-none pr-9!",
              small
                ? "h-10 text-[15px] pointer-coarse:h-11 max-wide:h-11 max-wide:text-base"
                : "h-11",
            )}
          >
            {options.map((option) => (
              <option key={option.value} value={option.value}>
                {option.label}
              </option>
            ))}
          </select>
          <ChevronDown
            size={16}
            strokeWidth={1.75}
            aria-hidden="true"
            className="pointer-events-none absolute top-1/2 right-3 -translate-y-1/2 text-ink-2"
          />
        </span>
      )}
    </Labelled>
  );
}

/** A field that is cut at a limit says so before. */
function Counted({
  value,
  maxLength,
  children,
}: Pick<ComponentProps<"input">, "maxLength" | "children"> & { readonly value?: unknown }) {
  return (
    <span className="relative block">
      {children}
      {maxLength !== undefined && <CharactersLeft text={String(value)} max={maxLength} />}
    </span>
  );
}

function Labelled<Props extends object>({
  label,
  hideLabel = false,
  hint,
  children,
  ...rest
}: Labels & {
  readonly children: (rest: { id: string; "aria-describedby"?: string }) => ReactNode;
} & Props) {
  const id = useId();
  const described = hint === undefined ? {} : { "aria-describedby": `${id}-hint` };
  return (
    <div className="min-w-0">
      <label htmlFor={id} className={hideLabel ? "sr-only" : "block pb-1.5 text-sm font-[550]"}>
        {label}
      </label>
      {children({ ...rest, id, ...described })}
      {hint !== undefined && (
        <p id={`${id}-hint`} className="pt-1.5 text-[13px] text-ink-2">
          {hint}
        </p>
      )}
    </div>
  );
}
