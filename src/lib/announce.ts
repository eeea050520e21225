/**
 * Words for screen readers about something that is visible anyway: a chat was renamed, so many
 * results were found. What a person must not miss is a toast or stands on the page.
 */
let words = "";
const listeners = new Set<() => void>();

export function announce(text: string) {
  // The same words twice in a row are read once, unless they differ by a blank.
  words = text === words ? `${text}\u00A0` : text;
  for (const listener of listeners) listener();
}

export function subscribeToAnnouncements(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const announcement = () => words;
