import { trimmed } from "../lib/characters";
import { appError } from "../lib/errors";

/** Limits of projects that the page and the server share. Lengths are in UTF-16 code units. */
export const PROJECTS_MAX = 200;
export const TASKS_MAX = 500;
export const PAGES_MAX = 50;
export const LINKS_MAX = 20;

export const NAME_MAX_CHARACTERS = 120;
export const DESCRIPTION_MAX_CHARACTERS = 4_000;
export const TITLE_MAX_CHARACTERS = 200;
export const NOTES_MAX_CHARACTERS = 8_000;
export const LINK_LABEL_MAX_CHARACTERS = 80;
export const URL_MAX_CHARACTERS = 2_000;
export const GOAL_MAX_CHARACTERS = 2_000;

/**
 * The text without blanks around it.
 *
 * @throws INVALID_REQUEST when nothing is left of it or it is too long; `what` names it
 */
export function requiredText(text: string, what: string, maxCharacters: number): string {
  const given = optionalText(text, what, maxCharacters);
  if (given === "") throw appError("INVALID_REQUEST", `Give it ${what}.`);
  return given;
}

/** @throws INVALID_REQUEST when it is too long */
export function optionalText(text: string, what: string, maxCharacters: number): string {
  const given = trimmed(text);
  if (given.length > maxCharacters) {
    throw appError(
      "INVALID_REQUEST",
      `That is too long for ${what}: at most ${maxCharacters.toLocaleString("en")} characters, ` +
        `this has ${given.length.toLocaleString("en")}.`,
    );
  }
  return given;
}

/**
 * A day of the calendar as `2026-11-27`, or `null` for none.
 *
 * @throws INVALID_REQUEST for what is no day (`2026-02-30`)
 */
export function calendarDay(day: string | null): string | null {
  if (day === null) return null;
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(day);
  const time = isDay ? Date.parse(`${day}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== day) {
    throw appError("INVALID_REQUEST", "That is not a day of the calendar.");
  }
  return day;
}

/** How many a client asks for, as a whole number from 1 to `max`: one for what is no number. */
export function boundedLimit(limit: number, max: number): number {
  return Math.max(1, Math.min(Math.trunc(limit) || 1, max));
}

interface Link {
  label: string;
  url: string;
}

/**
 * Links as they are kept: each with an address of the web and a label, which is the host when none
 * was given.
 *
 * @throws INVALID_REQUEST
 */
export function acceptedLinks(links: readonly Link[]): Link[] {
  if (links.length > LINKS_MAX) {
    throw appError(
      "INVALID_REQUEST",
      `A project has at most ${LINKS_MAX} links. Remove one first.`,
    );
  }
  return links.map(({ label, url }) => {
    const address = webAddress(url);
    const name = optionalText(label, "the link's name", LINK_LABEL_MAX_CHARACTERS);
    return { label: name === "" ? address.host : name, url: address.href };
  });
}

/**
 * An address of the web that a person typed; `https://` may be left out.
 *
 * @throws INVALID_REQUEST for any other kind of address, and for one that is too long once it is
 * written out: a letter of another script is nine characters of it
 */
export function webAddress(typed: string): URL {
  const text = typed.trim();
  const address = URL.parse(/^[a-z][a-z\d+.-]*:(?!\d)/i.test(text) ? text : `https://${text}`);
  const isWeb = address?.protocol === "http:" || address?.protocol === "https:";
  if (!address || !isWeb) {
    throw appError(
      "INVALID_REQUEST",
      "That is not a web address. It should look like https://example.com/page.",
    );
  }
  optionalText(address.href, "a web address", URL_MAX_CHARACTERS);
  return address;
}

/** The website of an address, to count by: whatever its port, and whether a dot ends its name. */
export function siteOf({ hostname }: URL): string {
  return hostname.replace(/\.$/, "");
}
