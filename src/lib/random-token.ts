/**
 * 128 random bits as 22 characters that need no escaping in an address. Made without
 * `crypto.randomUUID`, which a page has only when it came over HTTPS or from its own machine.
 */
export function randomToken(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");
}
