import { MINUTE_MS } from "../lib/time";

/** How long a person can take the deletion of the account back. */
export const UNDO_WINDOW_MS = 7 * 24 * 60 * MINUTE_MS;
