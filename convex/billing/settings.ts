import { appError } from "../lib/errors";

export interface AutumnSettings {
  readonly secretKey: string;
  /** `undefined` for Autumn's own. */
  readonly serverURL: string | undefined;
}

const OFFICIAL_ORIGIN = "https://api.useautumn.com";

/** Whether anything can be bought on this deployment. */
export function maySell(): boolean {
  return settings() !== null;
}

/** @throws BILLING_UNAVAILABLE when this deployment is not set up to sell */
export function autumnSettings(): AutumnSettings {
  const found = settings();
  if (found !== null) return found;
  throw appError(
    "BILLING_UNAVAILABLE",
    "Nothing can be bought here: payments are not set up. Nothing was charged.",
  );
}

/** The page's address, where a checkout leads back to. */
export function siteUrl(): string {
  const url = process.env.SITE_URL;
  if (url) return url;
  throw new Error("SITE_URL is not set: a checkout would not lead back.");
}

function settings(): AutumnSettings | null {
  const secretKey = process.env.AUTUMN_SECRET_KEY;
  if (!secretKey) return null;
  const address = process.env.AUTUMN_API_URL;
  if (!address) return { secretKey, serverURL: undefined };
  if (isTrusted(address, process.env.SITE_URL ?? "")) return { secretKey, serverURL: address };
  console.error("AUTUMN_API_URL is neither Autumn's address nor a sandbox beside a local page.");
  return null;
}

/**
 * The real service is asked at its own address. A sandbox gives plans away, so it counts only on
 * one's own machine: beside a page that is itself on loopback.
 */
export function isTrusted(address: string, pageAddress: string): boolean {
  const url = URL.canParse(address) ? new URL(address) : null;
  return url?.origin === OFFICIAL_ORIGIN || (isLoopback(address) && isLoopback(pageAddress));
}

function isLoopback(address: string): boolean {
  const url = URL.canParse(address) ? new URL(address) : null;
  return url !== null && ["127.0.0.1", "localhost", "[::1]"].includes(url.hostname);
}
