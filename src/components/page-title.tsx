import { createContext, use } from "react";

/** From here on it is only said that there are more. */
const COUNTED_TO = 99;

/** How many things wait for the person, for the titles of the pages within. */
export const WaitingCount = createContext(0);

/** The title of the browser's tab: what the page is, after the number of what waits for the person. */
export function PageTitle({ children }: { readonly children: string }) {
  const count = use(WaitingCount);
  const waiting = count > COUNTED_TO ? `(${COUNTED_TO}+) ` : `(${count}) `;
  return <title>{`${count === 0 ? "" : waiting}${children} · Parley`}</title>;
}
