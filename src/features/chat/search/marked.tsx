import { Fragment } from "react";
import type { MessageHit } from "./use-search";

/** A piece of a text with the found words marked. */
export function Marked({ snippet: { text, marks } }: Pick<MessageHit, "snippet">) {
  return (
    <>
      {marks.map(({ start, end }, index) => (
        <Fragment key={start}>
          {text.slice(marks[index - 1]?.end ?? 0, start)}
          <mark className="rounded-[3px] bg-transparent font-semibold text-accent-text">
            {text.slice(start, end)}
          </mark>
        </Fragment>
      ))}
      {text.slice(marks.at(-1)?.end ?? 0)}
    </>
  );
}
