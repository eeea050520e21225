import { DAY_MS } from "../lib/time";

/** The longest name that the greeting calls a person by, in UTF-16 code units. */
export const NAME_MAX_CHARACTERS = 60;

/** The shortest password that an account may get. */
export const PASSWORD_MIN_CHARACTERS = 8;

/** How long a person can take the deletion of the account back. */
export const UNDO_WINDOW_MS = 7 * DAY_MS;
