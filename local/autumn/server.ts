import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { ApiError } from "./api-error.ts";
import { type Api, createApi } from "./api.ts";
import { Billing } from "./billing.ts";
import type { Catalogue } from "./catalogue.ts";
import { createControl } from "./control.ts";
import { type ApiFaults, NO_FAULTS } from "./faults.ts";
import { parseObject, readBody, sendJson, sendPage } from "./http.ts";
import { messagePage } from "./pages.ts";
import { createPageRoutes } from "./page-routes.ts";
import { Store } from "./store.ts";
import { type Destination, WebhookSender } from "./webhooks.ts";

export interface SandboxOptions {
  /** 0 lets the system choose. */
  readonly port: number;
  /** The SQLite file, or `:memory:`. */
  readonly file: string;
  readonly catalogue: Catalogue;
  /** What `Authorization: Bearer` must carry: begins with `am_sk_`. */
  readonly secretKey: string;
  /** Where webhooks go; `null` sends none. */
  readonly destination: Destination | null;
}

export interface Sandbox {
  /** What AUTUMN_API_URL takes. */
  readonly url: string;
  close(): Promise<void>;
}

const HOST = "127.0.0.1";
const IDEMPOTENCY_MS = 24 * 60 * 60_000;
/** An idle connection is kept so long, that none is closed just as the next request goes into it. */
const KEEP_ALIVE_MS = 60_000;

/**
 * Starts the sandbox on 127.0.0.1.
 * @throws the system's error when the port is taken.
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS });
  await listen(server, options.port);
  const url = `http://${HOST}:${(server.address() as AddressInfo).port}`;
  const store = new Store(options.file);
  const sender = new WebhookSender(store, options.destination);
  const billing = new Billing(store, options.catalogue, sender);
  const calls = new ApiCalls(store, createApi(billing, url), options.secretKey);
  const pages = createPageRoutes(billing);
  const control = createControl(billing, sender, ({ webhooks, api }) => {
    sender.faults = webhooks;
    billing.faults = api;
    calls.faults = api;
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const pathname = URL.parse(request.url ?? "/", url)?.pathname ?? "";
    const method = request.method ?? "GET";
    // A page elsewhere must not reach the controls through a name that it points at this machine.
    if (!isLoopback(request.headers.host)) {
      return sendJson(response, 421, { message: "This sandbox answers on loopback only." });
    }
    if (pathname.startsWith("/v1/"))
      return await calls.answer(request, response, pathname.slice(4));
    if (pathname.startsWith("/control/")) {
      const body = await controlBody(request);
      return sendJson(response, 200, await control(method, pathname.slice(9), body));
    }
    const form = method === "POST" ? new URLSearchParams(await readBody(request)) : null;
    if (pages(pathname, form, response)) return;
    sendPage(response, 404, messagePage("Nothing here", "There is no page at this address."));
  }

  server.on("request", (request, response) => {
    answer(request, response).catch((error: unknown) => sendError(response, error));
  });

  return {
    url,
    close: async () => {
      sender.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      store.close();
    },
  };
}

/** The calls of the API, with what stands around each: the key, the locks, and the faults. */
class ApiCalls {
  faults: ApiFaults = NO_FAULTS.api;
  readonly #store: Store;
  readonly #api: Api;
  readonly #secretKey: string;
  /** Customers with a billing operation under way; a second one is refused. */
  readonly #locked = new Set<string>();

  constructor(store: Store, api: Api, secretKey: string) {
    this.#store = store;
    this.#api = api;
    this.#secretKey = secretKey;
  }

  async answer(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    const text = await readBody(request);
    this.#authorise(request.headers.authorization);
    const { delayMs, hang, status, dropReply } = this.faults;
    if (hang) return;
    const body = request.method === "POST" ? parseObject(text) : null;
    if (body === null) throw new ApiError(400, "invalid_inputs", "A JSON object is required");
    const unlock = this.#lock(path, body.customer_id);
    try {
      if (delayMs > 0) await sleep(delayMs);
      if (status !== null) throw new ApiError(status, "fault", "The sandbox was told to fail");
      const key = request.headers["idempotency-key"];
      const result = this.#once(typeof key === "string" ? key : null, () => this.#api(path, body));
      if (Math.random() < dropReply) return void response.destroy();
      sendJson(response, 200, result);
    } finally {
      unlock();
    }
  }

  #authorise(header: string | undefined): void {
    const key = /^Bearer (.+)$/.exec(header ?? "")?.[1];
    if (key === undefined) throw new ApiError(401, "no_secret_key", "No secret key was given");
    if (key === this.#secretKey) return;
    throw new ApiError(401, "invalid_secret_key", "The secret key is not valid");
  }

  #lock(path: string, customerId: unknown): () => void {
    if (path !== "billing.attach" && path !== "billing.update") return () => undefined;
    const id = String(customerId);
    if (this.#locked.has(id)) {
      throw new ApiError(423, "lock_already_exists", "Another billing operation is under way");
    }
    this.#locked.add(id);
    return () => this.#locked.delete(id);
  }

  /** A key works once in 24 hours; it is free again when its call failed other than with 409. */
  #once<T>(key: string | null, call: () => T): T {
    if (key === null) return call();
    const used = this.#store.get("idempotencyKey", key);
    if (used !== null && Date.now() - used.at < IDEMPOTENCY_MS) {
      throw new ApiError(409, "duplicate_idempotency_key", "This idempotency key was used before");
    }
    const result = call();
    this.#store.put("idempotencyKey", { id: key, at: Date.now() });
    return result;
  }
}

/** Only JSON: a form on another page cannot send it. */
async function controlBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  if (request.method !== "POST") return {};
  const text = await readBody(request);
  const body = request.headers["content-type"]?.startsWith("application/json")
    ? parseObject(text)
    : null;
  if (body !== null) return body;
  throw new ApiError(400, "invalid_inputs", "Controls take a JSON object as application/json");
}

function sendError(response: ServerResponse, error: unknown): void {
  if (response.headersSent) return void response.destroy();
  const { status, code, message } =
    error instanceof ApiError
      ? error
      : { status: 500, code: "internal_error", message: String(error) };
  const headers: Record<string, string> = status === 503 ? { "retry-after": "1" } : {};
  sendJson(response, status, { message, code, env: "sandbox" }, headers);
}

function isLoopback(host: string | undefined): boolean {
  return /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(host ?? "");
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, HOST, () => resolve());
  });
}
