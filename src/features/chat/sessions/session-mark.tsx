import type { Session } from "../message";

const PLACE =
  "pointer-events-none absolute inset-y-0 right-0 grid w-9 place-items-center group-hover:invisible group-focus-within:invisible group-has-data-[state=open]:invisible pointer-coarse:visible! pointer-coarse:right-11";

/** At a chat's end in the list: a turning ring while an answer is written, a dot until it is seen. */
export function SessionMark({ mark }: { readonly mark: Session["mark"] }) {
  if (mark === "none") return null;
  if (mark === "unread") {
    return (
      <span role="img" aria-label="Unread answer" className={PLACE}>
        <span className="size-2 rounded-full bg-accent-text" />
      </span>
    );
  }
  return (
    <span role="img" aria-label="Answer is being written" className={PLACE}>
      <svg viewBox="0 0 16 16" className="size-4 animate-[spin_1.1s_linear_infinite]">
        <circle
          cx="8"
          cy="8"
          r="6"
          className="fill-none stroke-accent-text"
          strokeWidth="2"
          strokeLinecap="round"
          strokeDasharray="27 11"
        />
      </svg>
    </span>
  );
}
