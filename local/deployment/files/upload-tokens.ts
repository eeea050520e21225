import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

const LIFETIME_MS = 60 * 60 * 1000;

/**
 * Tokens that allow uploads within one hour of being given: a time, some chance, and
 * a signature over both. Nothing is stored, so a mutation that asks for one writes nothing.
 */
export class UploadTokens {
  readonly #secret: string;

  constructor(secret: string) {
    this.#secret = secret;
  }

  /** @param now in milliseconds. */
  issue(now: number): string {
    const claim = `${(now + LIFETIME_MS).toString(36)}.${randomBytes(16).toString("base64url")}`;
    return `${claim}.${this.#sign(claim).toString("base64url")}`;
  }

  isValid(token: string, now: number): boolean {
    const cut = token.lastIndexOf(".");
    const claim = token.slice(0, Math.max(cut, 0));
    const given = Buffer.from(token.slice(cut + 1), "base64url");
    const right = this.#sign(claim);
    if (given.length !== right.length || !timingSafeEqual(given, right)) return false;
    return Number.parseInt(claim.split(".")[0]!, 36) > now;
  }

  #sign(claim: string): Buffer {
    return createHmac("sha256", this.#secret).update(`upload ${claim}`).digest();
  }
}
