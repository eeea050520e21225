import type { JSONWebKeySet } from "jose";
import { discoveryUrl, type AuthProvider } from "./providers.ts";

/** As long as `@convex-dev/auth` lets its own keys be cached. */
const FRESH_FOR_MS = 15_000;
const FETCH_TIMEOUT_MS = 10_000;

type Fetch = (url: string) => Promise<Response>;

/**
 * The public keys of providers, kept for a short while.
 *
 * Keys that this deployment's own HTTP actions serve are asked for in process: signing in then
 * needs no loop through the network, nor a proxy that leads back here.
 */
export class KeySets {
  readonly #siteOrigin: () => string;
  readonly #askOwnSite: Fetch;
  readonly #kept = new Map<string, { readonly at: number; readonly keys: JSONWebKeySet }>();

  constructor(siteOrigin: () => string, askOwnSite: Fetch) {
    this.#siteOrigin = siteOrigin;
    this.#askOwnSite = askOwnSite;
  }

  /** @param isRetry the kept keys did not fit the token: ask again. */
  async of(provider: AuthProvider, isRetry: boolean): Promise<JSONWebKeySet> {
    const source = provider.type === "customJwt" ? provider.jwks : discoveryUrl(provider.domain);
    const kept = this.#kept.get(source);
    if (kept !== undefined && !isRetry && Date.now() - kept.at < FRESH_FOR_MS) return kept.keys;
    const keys =
      provider.type === "customJwt" ? await this.#keysAt(source) : await this.#discover(source);
    this.#kept.set(source, { at: Date.now(), keys });
    return keys;
  }

  async #discover(url: string): Promise<JSONWebKeySet> {
    const { jwks_uri: address } = (await this.#json(url)) as { jwks_uri?: unknown };
    if (typeof address !== "string") throw new Error(`${url} names no jwks_uri`);
    return await this.#keysAt(address);
  }

  async #keysAt(url: string): Promise<JSONWebKeySet> {
    const keys = (await this.#json(url)) as JSONWebKeySet;
    if (!Array.isArray(keys.keys)) throw new Error(`${url} holds no key set`);
    return keys;
  }

  async #json(url: string): Promise<unknown> {
    const isOwn = URL.canParse(url) && new URL(url).origin === this.#siteOrigin();
    const response = isOwn
      ? await this.#askOwnSite(url)
      : await fetch(url, { signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) });
    if (!response.ok) throw new Error(`${url} answered ${response.status}`);
    return await response.json();
  }
}
