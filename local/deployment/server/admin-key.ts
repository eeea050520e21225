import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { HttpError } from "./http.ts";

/** The one key that may push functions, read settings and act as anybody. */
export class AdminKey {
  readonly text: string;
  readonly #digest: Buffer;

  constructor(text: string) {
    this.text = text;
    this.#digest = sha256(text);
  }

  /** Compares in constant time; digests have one length, so not even the length shows. */
  matches(candidate: string): boolean {
    return timingSafeEqual(sha256(candidate), this.#digest);
  }

  /** @throws HttpError 401 unless the header is `Convex <this key>`. */
  demand(authorization: string | undefined): void {
    const [key] = splitAdminToken(authorization?.match(/^Convex (.+)$/)?.[1] ?? "");
    if (!this.matches(key)) {
      throw new HttpError(401, "BadDeployKey", "The admin key is missing or wrong.");
    }
  }
}

/**
 * An admin token is the key, and optionally a colon and a base64 JSON identity to act as.
 * Keys hold no colon.
 */
export function splitAdminToken(token: string): [key: string, identity: string | null] {
  const colon = token.indexOf(":");
  return colon === -1 ? [token, null] : [token.slice(0, colon), token.slice(colon + 1)];
}

/** The key that is kept in `file`; made at the first start, readable by its owner only. */
export function keptAdminKey(file: string, given: string | undefined): AdminKey {
  if (given !== undefined) return new AdminKey(given);
  if (existsSync(file)) return new AdminKey(readFileSync(file, "utf8").trim());
  const key = `parley|${randomBytes(32).toString("hex")}`;
  writeFileSync(file, `${key}\n`, { mode: 0o600 });
  return new AdminKey(key);
}

function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
