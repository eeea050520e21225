import { gzipSync } from "node:zlib";

/** One thing that a hostile client does. */
export type HostileInput =
  | { readonly kind: "frames"; readonly frames: readonly (string | Buffer)[] }
  | { readonly kind: "bytes"; readonly bytes: Buffer };

const PATHS = [
  "/api/query",
  "/api/mutation",
  "/api/action",
  "/api/query_at_ts",
  "/api/run/entries/add",
  "/api/storage/../../data.sqlite",
  "/api/storage/%2e%2e%2f%2e%2e%2fadmin-key",
  "/api/storage/upload?token=x",
  "/api/storage/00000000-0000-0000-0000-000000000000",
  "/api/deploy2/start_push",
  "/api/deploy2/finish_push",
  "/api/update_environment_variables",
  "/api/export/download/..",
  "/api/1.48.0/sync",
  "/%00",
  "//example.com/",
  "/api/run/__proto__/constructor",
  "/echo",
  "/version",
];
const METHODS = ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "BREW", "get"];
const FUNCTIONS = [
  "entries:add",
  "entries:of",
  "accounts:list",
  "accounts:transfer",
  "__proto__:toString",
  "_system/cli/tables:default",
  "../schema:default",
  "entries:add\u0000",
  "entries",
  "",
  ":",
  "entries:constructor",
];

/** Draws hostile inputs; the same numbers give the same ones. @param random in [0, 1) */
export class HostileGenerator {
  readonly #random: () => number;

  constructor(random: () => number) {
    this.#random = random;
  }

  next(): HostileInput {
    const dice = this.#random();
    if (dice < 0.55) return { kind: "frames", frames: this.#frames() };
    if (dice < 0.9) return { kind: "bytes", bytes: this.#request() };
    return { kind: "bytes", bytes: this.#garbage(this.#pick(4_000)) };
  }

  #frames(): (string | Buffer)[] {
    const connect = JSON.stringify({
      type: "Connect",
      sessionId: this.#maybe(0.9, () => crypto.randomUUID()),
      connectionCount: this.#maybe(0.9, () => 0),
      lastCloseReason: "InitialConnect",
      maxObservedTimestamp: this.#maybe(0.95, () => null),
      clientTs: 0,
    });
    const rest = Array.from({ length: 1 + this.#pick(3) }, () => this.#frame());
    return this.#random() < 0.85 ? [connect, ...rest] : rest;
  }

  #frame(): string | Buffer {
    const dice = this.#random();
    if (dice < 0.05) return this.#garbage(this.#pick(2_000));
    const text = JSON.stringify(this.#message());
    if (dice < 0.15) return text.slice(0, this.#pick(text.length));
    if (dice < 0.2) return text.replace(/[{}[\]:,"]/, () => "]}:,"[this.#pick(4)] ?? "");
    return text;
  }

  #message(): unknown {
    const call = {
      requestId: this.#maybe(0.8, () => this.#pick(5)),
      udfPath: this.#function(),
      args: this.#maybe(0.6, () => [this.#args()]),
      componentPath: this.#maybe(0.1, () => "limiter"),
    };
    const add = { type: "Add", queryId: this.#maybe(0.8, () => this.#pick(3)), ...call };
    const change = this.#random() < 0.7 ? add : { type: "Remove", queryId: this.#pick(9) };
    const messages = [
      { type: "Mutation", ...call },
      { type: "Action", ...call },
      {
        type: "ModifyQuerySet",
        baseVersion: this.#maybe(0.7, () => 0),
        newVersion: this.#maybe(0.7, () => 1),
        modifications: this.#maybe(0.9, () => [change]),
      },
      {
        type: "Authenticate",
        tokenType: this.#oneOf(["User", "None", "Admin", "Root"]),
        value: this.#token(),
        baseVersion: this.#maybe(0.7, () => 0),
      },
      { type: "Event", eventType: this.#value(3), event: this.#value(3) },
      this.#value(4),
    ];
    return this.#oneOf(messages);
  }

  #request(): Buffer {
    const method = this.#oneOf(METHODS);
    const path = this.#random() < 0.9 ? this.#oneOf(PATHS) : `/${"a/".repeat(this.#pick(3_000))}`;
    const body = this.#body();
    const length = this.#random() < 0.9 ? body.length : this.#pick(100_000);
    const headers = [
      "Host: 127.0.0.1",
      `Content-Length: ${length}`,
      `Content-Type: ${this.#oneOf(["application/json", "text/plain", "application/x-www-form-urlencoded", ""])}`,
      ...this.#some([
        `Authorization: Bearer ${String(this.#token())}`,
        `Authorization: Convex ${String(this.#token())}`,
        "Transfer-Encoding: chunked",
        "Content-Encoding: gzip",
        "Expect: 100-continue",
        "Range: bytes=9999999999-1",
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: x\r\nSec-WebSocket-Version: 99",
        `X-Long: ${"y".repeat(this.#pick(20_000))}`,
        "Bad Header",
        "Convex-Client: npm-\u0001",
        "Origin: null",
      ]),
    ];
    return Buffer.concat([
      Buffer.from(`${method} ${path} HTTP/1.1\r\n${headers.join("\r\n")}\r\n\r\n`),
      body,
    ]);
  }

  #body(): Buffer {
    const text = JSON.stringify({
      path: this.#function(),
      args: this.#maybe(0.6, () => this.#args()),
      format: this.#oneOf(["json", "convex_encoded_json", "xml", 7]),
    });
    const dice = this.#random();
    if (dice < 0.1) return gzipSync(Buffer.alloc(1_000_000));
    if (dice < 0.2) return Buffer.from(text.slice(0, this.#pick(text.length)));
    return dice < 0.25 ? this.#garbage(this.#pick(3_000)) : Buffer.from(text);
  }

  #args(): unknown {
    const odd = [{ $integer: "!" }, { $bytes: 7 }, { $float: "AA==" }, { $unknown: 1 }, { $: 1 }];
    return {
      client: this.#maybe(0.6, () => "hostile"),
      sequence: this.#maybe(0.6, () => this.#oneOf<unknown>([1, ...odd])),
    };
  }

  #function(): unknown {
    return this.#maybe(0.85, () => this.#oneOf(FUNCTIONS));
  }

  #token(): unknown {
    const part = (value: unknown): string =>
      Buffer.from(JSON.stringify(value)).toString("base64url");
    const header = part({ alg: this.#oneOf(["none", "HS256", "RS256", 1]), kid: this.#value(1) });
    const claims = part({ sub: this.#value(1), exp: 1e300, iss: "https://fixture.test" });
    return this.#maybe(0.8, () => `${header}.${claims}.${"x".repeat(this.#pick(400))}`);
  }

  /** Any JSON value, some of them unpleasant. */
  #value(depth: number): unknown {
    const leaves: unknown[] = [
      null,
      true,
      -1,
      2 ** 53,
      1e308,
      -0,
      "",
      "\u0000",
      "\ud800",
      "__proto__",
      "x".repeat(this.#pick(5_000)),
    ];
    if (depth === 0 || this.#random() < 0.5) return this.#oneOf(leaves);
    if (this.#random() < 0.05) return nested(500);
    const values = Array.from({ length: this.#pick(4) }, () => this.#value(depth - 1));
    if (this.#random() < 0.5) return values;
    return Object.fromEntries(values.map((value, at) => [`k${at}`, value]));
  }

  #maybe<T>(chance: number, value: () => T): unknown {
    return this.#random() < chance ? value() : this.#value(2);
  }

  #some(values: readonly string[]): string[] {
    return values.filter(() => this.#random() < 0.12);
  }

  #oneOf<T>(values: readonly T[]): T {
    return values[this.#pick(values.length)]!;
  }

  #pick(count: number): number {
    return Math.floor(this.#random() * count);
  }

  #garbage(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => this.#pick(256)));
  }
}

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level++) value = [value];
  return value;
}
