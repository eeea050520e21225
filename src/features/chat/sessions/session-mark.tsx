import type { Session } from "../message";

const PLACE =
  "pointer-events-none absolute inset-y-0 right-0 grid w-9 place-items-center group-hover:invisible group-focus-within:invisible group-has-data-[state=open]:invisible pointer-coarse:visible! pointer-coarse:right-11";

/**
 * At a chat's end in the list: a ring while an answer is written, a dot until it is seen. The ring
 * rests: turning, it would have the whole page drawn sixty times a second, for each such chat.
 */
export function SessionMark({ mark }: { readonly mark: Session["mark"] }) {
  if (mark === "none") return null;
  if (mark === "unread") {
    return (
      <span role="img" aria-label="Unread answer" className={PLACE}>
        <span className="size-2 rounded-full bg-accent-text forced-color-adjust-none" />
      </span>
    );
  }
  return (
    <span role="img" aria-label="Answer is being written" className={PLACE}>
      <span className="size-2.5 rounded-full border-2 border-accent-text" />
    </span>
  );
}
