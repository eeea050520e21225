import { outOfDate } from "./errors";

const CLIENT_KEY_MAX_CHARACTERS = 100;

/**
 * Checks a key that a page made for one request, so that the same request twice is one.
 *
 * @throws INVALID_REQUEST for an empty or over-long one
 */
export function requireClientKey(clientKey: string): void {
  if (clientKey === "" || clientKey.length > CLIENT_KEY_MAX_CHARACTERS) throw outOfDate();
}
