"use node";
// oxlint-disable @convex-dev/import-wrong-runtime -- under oxlint the rule does not see that this file says "use node" itself.
// oxlint-disable no-restricted-imports -- see network.ts
import http, { type IncomingMessage } from "node:http";
import https from "node:https";
import { isIP } from "node:net";
import { Readable, type Transform } from "node:stream";
import { connect as connectSecurely } from "node:tls";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { isPublicAddress } from "./addresses";
import { network } from "./network";

const MAX_REDIRECTS = 5;
const MAX_BYTES = 5 * 1024 * 1024;
export const MAX_MILLISECONDS = 10_000;
const USER_AGENT = "ParleyReader/1.0 (reads single pages at a person's request)";

const PORTS = new Set(["", "80", "443", "8080", "8443"]);
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const DECOMPRESSORS: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  "x-gzip": createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

export type RefusalCode =
  | "BAD_ADDRESS"
  | "TOO_MANY_REQUESTS"
  | "PRIVATE_ADDRESS"
  | "TOO_MANY_REDIRECTS"
  | "TOO_LARGE"
  | "TIMEOUT"
  | "WRONG_TYPE"
  | "ROBOTS"
  | "REFUSED_BY_SITE"
  | "UNREACHABLE"
  | "NO_TEXT";

/** Why a page was not read, in a sentence for the person. */
export class PageRefusal extends Error {
  override readonly name = "PageRefusal";
  readonly code: RefusalCode;

  constructor(code: RefusalCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

export interface Fetched {
  /** Where the redirects led. */
  readonly url: URL;
  readonly status: number;
  readonly contentType: string;
  readonly retryAfter: string | null;
  readonly body: Buffer;
}

export interface FetchRules {
  /** Aborted when the time is over. */
  readonly deadline: AbortSignal;
  /** Hosts (with their port) that whoever runs the server trusts although they are private. */
  readonly trustedHosts: ReadonlySet<string>;
  /** Asked before each address that is fetched; throws to refuse it. */
  readonly beforeFetch?: (url: URL) => Promise<void>;
  /** Whether a longer body is cut instead of refused. */
  readonly cutAtLimit?: boolean;
}

/**
 * Fetches a public web page, and nothing else. Every hop is checked anew: its scheme, its port, and
 * all addresses of its host, of which one is then connected to as it was checked, without a second
 * look-up that could answer differently.
 *
 * @throws PageRefusal
 */
export async function safeFetch(address: URL, rules: FetchRules): Promise<Fetched> {
  let url = address;
  for (let hops = 0; hops <= MAX_REDIRECTS; hops++) {
    await rules.beforeFetch?.(url);
    const response = await request(url, rules);
    const { location } = response.headers;
    if (!REDIRECTS.has(response.statusCode ?? 0) || location === undefined) {
      return await received(url, response, rules);
    }
    response.destroy();
    const next = URL.parse(location, url);
    if (next === null) throw new PageRefusal("BAD_ADDRESS", "The page leads to no valid address.");
    url = next;
  }
  throw new PageRefusal(
    "TOO_MANY_REDIRECTS",
    `The page leads on more than ${MAX_REDIRECTS} times.`,
  );
}

/** The answer's head. @throws PageRefusal */
async function request(url: URL, rules: FetchRules): Promise<IncomingMessage> {
  const isTrusted = rules.trustedHosts.has(url.host);
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw new PageRefusal("BAD_ADDRESS", "Only addresses with http and https can be read.");
  }
  if (url.username !== "" || url.password !== "") {
    throw new PageRefusal("BAD_ADDRESS", "An address with a name and password in it is not read.");
  }
  if (!PORTS.has(url.port) && !isTrusted) {
    throw new PageRefusal(
      "BAD_ADDRESS",
      "Pages are only read from the ports 80, 443, 8080 and 8443.",
    );
  }
  const address = await checkedAddress(url.hostname.replace(/^\[|\]$/g, ""), isTrusted, rules);
  const isSecure = url.protocol === "https:";
  const port = Number(url.port) || (isSecure ? 443 : 80);
  const host = url.hostname;
  return await new Promise((resolve, reject) => {
    const call = (isSecure ? https : http).request(url, {
      // Without an agent: one would look the name up by itself instead of calling `createConnection`.
      signal: rules.deadline,
      headers: {
        host: url.host,
        "user-agent": USER_AGENT,
        accept: "text/html,application/xhtml+xml,text/markdown,text/plain;q=0.9,*/*;q=0.1",
        "accept-encoding": "gzip, deflate, br",
      },
      createConnection: () => {
        const socket = network.dial(address, port);
        if (!isSecure) return socket;
        return connectSecurely({ socket, ...(isIP(host) ? {} : { servername: host }) });
      },
    });
    call.once("response", resolve);
    call.once("error", (error) => reject(refusalFor(error, rules.deadline)));
    call.end();
  });
}

/**
 * An address of the host, all of whose addresses are public: a host with one that is not is trying
 * something.
 *
 * @throws PageRefusal
 */
async function checkedAddress(
  host: string,
  isTrusted: boolean,
  { deadline }: FetchRules,
): Promise<string> {
  const addresses = isIP(host) ? [host] : await resolved(host, deadline);
  const [first] = addresses;
  if (first === undefined) throw unreachable();
  if (!isTrusted && !addresses.every(isPublicAddress)) {
    throw new PageRefusal(
      "PRIVATE_ADDRESS",
      "That address leads into a private network, where the reader does not go.",
    );
  }
  // A machine without IPv6 has the other kind.
  return addresses.find((address) => isIP(address) === 4) ?? first;
}

async function resolved(host: string, deadline: AbortSignal): Promise<string[]> {
  const over = new Promise<never>((_, reject) => {
    if (deadline.aborted) reject(timeout());
    deadline.addEventListener("abort", () => reject(timeout()), { once: true });
  });
  try {
    return await Promise.race([network.resolve(host), over]);
  } catch (error) {
    throw refusalFor(error, deadline);
  }
}

/** The whole body, as long as it stays within the limits, compressed and not. @throws PageRefusal */
async function received(url: URL, response: IncomingMessage, rules: FetchRules): Promise<Fetched> {
  const { statusCode: status = 0, headers } = response;
  const head = {
    url,
    status,
    contentType: headers["content-type"] ?? "",
    retryAfter: headers["retry-after"] ?? null,
  };
  // What a refusal says beside its number is nothing to read.
  if (status < 200 || status > 299) {
    response.destroy();
    return { ...head, body: Buffer.alloc(0) };
  }
  try {
    return { ...head, body: await bodyOf(response, rules) };
  } catch (error) {
    throw refusalFor(error, rules.deadline);
  } finally {
    response.destroy();
  }
}

async function bodyOf(response: IncomingMessage, rules: FetchRules): Promise<Buffer> {
  const encoding = (response.headers["content-encoding"] ?? "identity").trim().toLowerCase();
  const decompressor = DECOMPRESSORS[encoding];
  if (encoding !== "identity" && decompressor === undefined) {
    throw new PageRefusal(
      "WRONG_TYPE",
      "The page is packed in a way that the reader does not know.",
    );
  }
  const announced = Number(response.headers["content-length"] ?? 0);
  if (announced > MAX_BYTES && rules.cutAtLimit !== true) throw tooLarge();
  const plain = decompressor === undefined ? response : unpacked(response, decompressor());
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of plain as AsyncIterable<Buffer>) {
    if (rules.deadline.aborted) throw timeout();
    bytes += part.length;
    if (bytes > MAX_BYTES) {
      if (rules.cutAtLimit === true) break;
      throw tooLarge();
    }
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** What arrives packed is counted too: a stream may unpack to nothing for ever. */
async function* counted(response: IncomingMessage): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > MAX_BYTES) throw tooLarge();
    yield part;
  }
}

function unpacked(response: IncomingMessage, decompressor: Transform): Transform {
  const incoming = Readable.from(counted(response));
  incoming.once("error", (error) => decompressor.destroy(error));
  return incoming.pipe(decompressor);
}

function refusalFor(error: unknown, deadline: AbortSignal): PageRefusal {
  if (error instanceof PageRefusal) return error;
  return deadline.aborted ? timeout() : unreachable(error);
}

const tooLarge = () => new PageRefusal("TOO_LARGE", "The page is larger than 5 MB.");
const timeout = () => new PageRefusal("TIMEOUT", "The page took longer than 10 seconds.");
const unreachable = (cause?: unknown) =>
  new PageRefusal("UNREACHABLE", "The page could not be reached.", { cause });
