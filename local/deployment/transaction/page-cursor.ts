/**
 * Cursors of paginated queries: a position in one query, sealed with the data file's secret, since
 * the position is an index key and may hold fields that the client is not shown. The same position
 * gives the same text, so that a query's result stays equal when nothing has changed.
 */
import { createCipheriv, createDecipheriv, createHmac, hash } from "node:crypto";
import type { Key } from "../values/key.ts";
import { UserError } from "./user-error.ts";

/** After the row with this key, or the end of the query. */
export type PagePosition = { readonly kind: "after"; readonly key: Key } | { readonly kind: "end" };

const CIPHER = "aes-256-gcm";
const NONCE_LENGTH = 12;
const TAG_LENGTH = 16;

/** What makes two queries the same query for their cursors. */
export function fingerprintOf(parts: unknown): string {
  return hash("sha256", JSON.stringify(parts), "base64url").slice(0, 16);
}

export function sealCursor(
  secret: Uint8Array,
  fingerprint: string,
  position: PagePosition,
): string {
  const key = position.kind === "after" ? position.key : null;
  const text = Buffer.from(JSON.stringify([fingerprint, key]));
  const nonce = createHmac("sha256", secret).update(text).digest().subarray(0, NONCE_LENGTH);
  const cipher = createCipheriv(CIPHER, secret, nonce);
  const sealed = Buffer.concat([nonce, cipher.update(text), cipher.final(), cipher.getAuthTag()]);
  return sealed.toString("base64url");
}

/** Throws Convex's InvalidCursor error for any text that is not a cursor of the same query. */
export function openCursor(secret: Uint8Array, fingerprint: string, cursor: string): PagePosition {
  const opened = unseal(secret, Buffer.from(cursor, "base64url"));
  if (opened?.[0] !== fingerprint) throw invalidCursor();
  return opened[1] === null ? { kind: "end" } : { kind: "after", key: opened[1] };
}

function unseal(secret: Uint8Array, sealed: Buffer): [string, Key | null] | null {
  if (sealed.length < NONCE_LENGTH + TAG_LENGTH) return null;
  const decipher = createDecipheriv(CIPHER, secret, sealed.subarray(0, NONCE_LENGTH));
  decipher.setAuthTag(sealed.subarray(-TAG_LENGTH));
  try {
    const text = Buffer.concat([
      decipher.update(sealed.subarray(NONCE_LENGTH, -TAG_LENGTH)),
      decipher.final(),
    ]);
    return JSON.parse(text.toString()) as [string, Key | null];
  } catch {
    return null;
  }
}

/** On which the React client starts anew. */
export function invalidCursor(): UserError {
  return new UserError(
    "InvalidCursor: Tried to run a query starting from a cursor, but it looks like this cursor is from a different query.",
    { isConvexSystemError: true, paginationError: "InvalidCursor" },
  );
}
