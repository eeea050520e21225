import { DAY_MS } from "../lib/time";

/** How long a person can take the deletion of the account back. */
export const UNDO_WINDOW_MS = 7 * DAY_MS;
