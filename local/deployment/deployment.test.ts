import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConvexClient, ConvexHttpClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey } from "jose";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { type Deployment, startDeployment } from "./deployment.ts";
import { pushFixture } from "./fixture/push.ts";
import { decodeTimestamp } from "./values/timestamp.ts";

const query = (name: string) => makeFunctionReference<"query">(name);
const mutation = (name: string) => makeFunctionReference<"mutation">(name);
const action = (name: string) => makeFunctionReference<"action">(name);

let dataDir: string;
let deployment: Deployment;
let signingKey: CryptoKey;
const failures: unknown[] = [];
const clients: ConvexClient[] = [];

const start = (port = 0) =>
  startDeployment({
    dataDir,
    host: "127.0.0.1",
    port,
    sitePort: 0,
    onInternalError: (error) => failures.push(error),
  });

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "parley-deployment-"));
  deployment = await start();
  const pair = await generateKeyPair("ES256", { extractable: true });
  signingKey = pair.privateKey;
  const key = { ...(await exportJWK(pair.publicKey)), alg: "ES256" };
  await pushFixture(deployment, { keys: [key] });
});

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  expect(failures.splice(0)).toEqual([]);
});

afterAll(async () => {
  await deployment.close();
  rmSync(dataDir, { recursive: true });
});

function connect(): ConvexClient {
  const client = new ConvexClient(deployment.url, { logger: false });
  clients.push(client);
  return client;
}

/** @param lifetimeS in seconds. */
function tokenFor(subject: string, lifetimeS = 3600): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT({ name: "Ada" })
    .setProtectedHeader({ alg: "ES256" })
    .setIssuer("https://fixture.example")
    .setAudience("fixture")
    .setSubject(subject)
    .setIssuedAt(now)
    .setExpirationTime(now + lifetimeS)
    .sign(signingKey);
}

async function post(path: string, body: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(deployment.url + path, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, body: JSON.parse(text) as Record<string, unknown> };
}

test("both official clients read and write, and the live one follows the other", async () => {
  const http = new ConvexHttpClient(deployment.url, { logger: false });
  const seen: unknown[] = [];
  connect().onUpdate(query("accounts:balance"), { name: "both" }, (balance) => seen.push(balance));
  await vi.waitFor(() => expect(seen).toEqual([null]));
  await http.mutation(mutation("accounts:open"), { name: "both", balance: 7 });
  await vi.waitFor(() => expect(seen).toEqual([null, 7]));
  expect(await http.query(query("accounts:balance"), { name: "both" })).toBe(7);
  expect(await http.consistentQuery(query("accounts:balance"), { name: "both" })).toBe(7);
});

test("transfers from several sockets never show a torn sum", async () => {
  const [watcher, ...writers] = [connect(), connect(), connect(), connect()];
  const open = mutation("accounts:open");
  await watcher.mutation(open, { name: "left", balance: 0 });
  await watcher.mutation(open, { name: "right", balance: 0 });
  let torn = 0;
  let updates = 0;
  const balance = (name: string) =>
    watcher.client.localQueryResult("accounts:balance", { name }) as number | undefined;
  for (const name of ["left", "right"]) {
    watcher.onUpdate(query("accounts:balance"), { name }, () => {
      updates++;
      const [left, right] = [balance("left"), balance("right")];
      if (left !== undefined && right !== undefined && left + right !== 0) torn++;
    });
  }
  const transfer = { from: "left", to: "right", amount: 1 };
  await Promise.all(
    writers.flatMap((writer) =>
      Array.from({ length: 60 }, () => writer.mutation(mutation("accounts:transfer"), transfer)),
    ),
  );
  await vi.waitFor(() => expect(balance("right")).toBe(180));
  expect(torn).toBe(0);
  expect(updates).toBeGreaterThan(2);
});

test("a signed-in client is known in queries, mutations and actions, and not after signing out", async () => {
  const client = connect();
  const isSignedIn: boolean[] = [];
  client.setAuth(
    () => tokenFor("user-1"),
    (signedIn) => isSignedIn.push(signedIn),
  );
  const who: unknown[] = [];
  client.onUpdate(query("identity:inQuery"), {}, (identity) =>
    who.push((identity as { subject: string } | null)?.subject ?? null),
  );
  await vi.waitFor(() => expect(who.at(-1)).toBe("user-1"));
  expect(new Set(isSignedIn)).toEqual(new Set([true]));
  const expected = {
    name: "Ada",
    subject: "user-1",
    issuer: "https://fixture.example",
    tokenIdentifier: "https://fixture.example|user-1",
  };
  expect(await client.mutation(mutation("identity:inMutation"), {})).toMatchObject(expected);
  expect(await client.action(action("identity:inAction"), {})).toMatchObject(expected);
  client.client.clearAuth();
  await vi.waitFor(() => expect(who.at(-1)).toBe(null));
});

test("a token that nobody vouches for signs nobody in", async () => {
  const client = connect();
  const isSignedIn: boolean[] = [];
  client.setAuth(
    () => Promise.resolve("eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ4In0.AAAA"),
    (signedIn) => isSignedIn.push(signedIn),
  );
  await vi.waitFor(() => expect(isSignedIn).toContain(false));
  expect(isSignedIn).not.toContain(true);
});

/** Speaks the protocol by hand, where the official client would never go. */
class RawClient {
  readonly messages: Record<string, unknown>[] = [];
  readonly closed: Promise<number>;
  readonly #socket: WebSocket;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    this.closed = new Promise((resolve) =>
      socket.addEventListener("close", (event) => resolve(event.code)),
    );
    socket.addEventListener("message", (event) =>
      this.messages.push(JSON.parse(event.data as string) as Record<string, unknown>),
    );
  }

  static async connect(
    session: { readonly sessionId?: string; readonly connectionCount?: number } = {},
  ): Promise<RawClient> {
    const socket = new WebSocket(`${deployment.url.replace("http", "ws")}/api/1.48.0/sync`);
    const client = new RawClient(socket);
    await new Promise((resolve) => socket.addEventListener("open", resolve));
    client.send({
      type: "Connect",
      sessionId: crypto.randomUUID(),
      connectionCount: 0,
      lastCloseReason: null,
      clientTs: Date.now(),
      ...session,
    });
    return client;
  }

  send(message: unknown): void {
    this.#socket.send(typeof message === "string" ? message : JSON.stringify(message));
  }

  close(): void {
    this.#socket.close();
  }

  of(type: string): Record<string, unknown>[] {
    return this.messages.filter((message) => message["type"] === type);
  }
}

const watch = (udfPath: string) => ({
  type: "ModifyQuerySet",
  baseVersion: 0,
  newVersion: 1,
  modifications: [{ type: "Add", queryId: 1, udfPath, args: [{}] }],
});

test("a token that expires while it is in use ends the socket with an AuthError", async () => {
  const client = await RawClient.connect();
  const value = await tokenFor("brief", 1);
  client.send({ type: "Authenticate", baseVersion: 0, tokenType: "User", value });
  client.send(watch("identity:inQuery"));
  await vi.waitFor(() => expect(client.of("Transition").length).toBeGreaterThan(0));
  const expiry = (JSON.parse(atob(value.split(".")[1]!)) as { exp: number }).exp * 1000;
  await vi.waitFor(() => expect(Date.now()).toBeGreaterThan(expiry), { timeout: 3000 });
  const [requestId, udfPath] = [0, "identity:inMutation"];
  client.send({ type: "Mutation", requestId, udfPath, args: [{}] });
  await client.closed;
  expect(client.of("AuthError")).toMatchObject([{ authUpdateAttempted: false, baseVersion: 1 }]);
  expect(client.of("MutationResponse")).toEqual([]);
});

test("each transition starts where the one before ended, and time never goes back", async () => {
  const client = await RawClient.connect();
  client.send(watch("accounts:list"));
  for (let requestId = 0; requestId < 30; requestId++) {
    const args = [{ client: "versions", sequence: requestId }];
    client.send({ type: "Mutation", requestId, udfPath: "entries:add", args });
  }
  await vi.waitFor(() => expect(client.of("MutationResponse")).toHaveLength(30));
  const lastTs = decodeTimestamp(client.of("MutationResponse").at(-1)!["ts"] as string);
  type Version = { querySet: number; identity: number; ts: string };
  let known: Version = { querySet: 0, identity: 0, ts: "AAAAAAAAAAA=" };
  await vi.waitFor(() => {
    const end = client.of("Transition").at(-1)!["endVersion"] as Version;
    expect(decodeTimestamp(end.ts)).toBeGreaterThanOrEqual(lastTs);
  });
  const unanswered = new Set<bigint>();
  for (const message of client.messages) {
    if (message["type"] === "MutationResponse") {
      unanswered.add(decodeTimestamp(message["ts"] as string));
    }
    if (message["type"] !== "Transition") continue;
    expect(message["startVersion"]).toEqual(known);
    const end = message["endVersion"] as Version;
    expect(decodeTimestamp(end.ts)).toBeGreaterThanOrEqual(decodeTimestamp(known.ts));
    known = end;
  }
  expect(unanswered.size).toBe(30);
});

test("the same request of the same session runs once, whatever socket it comes on", async () => {
  const sessionId = crypto.randomUUID();
  const sendOnSocket = async (connectionCount: number) => {
    const client = await RawClient.connect({ sessionId, connectionCount });
    const args = [{ client: "once", sequence: 1 }];
    client.send({ type: "Mutation", requestId: 5, udfPath: "entries:add", args });
    await vi.waitFor(() => expect(client.of("MutationResponse")).toHaveLength(1));
    const { success, result } = client.of("MutationResponse")[0]!;
    client.close();
    return { success, result };
  };
  expect(await sendOnSocket(0)).toEqual({ success: true, result: 1 });
  expect(await sendOnSocket(1)).toEqual({ success: true, result: 1 });
  const http = new ConvexHttpClient(deployment.url);
  expect(await http.query(query("entries:of"), { client: "once" })).toEqual([1]);
});

test("what is not the protocol is refused with a FatalError, and others notice nothing", async () => {
  const bad: unknown[] = [
    "not json",
    "[]",
    { type: "Nonsense" },
    { type: "ModifyQuerySet", baseVersion: 7, newVersion: 8, modifications: [] },
    { type: "Mutation", requestId: -1, udfPath: "a:b", args: [{}] },
    { type: "Mutation", requestId: 1, udfPath: "a:b", args: "x" },
    { type: "Authenticate", baseVersion: 3, tokenType: "None" },
  ];
  for (const message of bad) {
    const client = await RawClient.connect();
    client.send(message);
    await client.closed;
    expect(client.of("FatalError")).toHaveLength(1);
  }
  expect(await connect().query(query("accounts:balance"), { name: "nobody" })).toBe(null);
});

test("functions answer over plain HTTP in both formats, also to a GET", async () => {
  const args = { name: "plain", balance: 3 };
  const opened = await post("/api/mutation", { path: "accounts:open", args, format: "json" });
  expect(opened).toMatchObject({ status: 200, body: { status: "success" } });
  const path = "accounts:balance";
  const asked = encodeURIComponent(JSON.stringify({ name: "plain" }));
  const got = await fetch(`${deployment.url}/api/query?path=${path}&args=${asked}&format=json`);
  expect(await got.json()).toMatchObject({ status: "success", value: 3 });
  const queries = [{ path, args: [{ name: "plain" }], format: "convex_encoded_json" }];
  const batch = await post("/api/query_batch", { queries });
  expect(batch.body["results"]).toMatchObject([{ status: "success", value: 3 }]);
});

test("bad requests get a status, a code and a sentence, never a stack", async () => {
  const call = { path: "accounts:list", args: {} };
  const bad = [
    [await post("/api/query", "{not json"), 400],
    [await post("/api/query", "[]"), 400],
    [await post("/api/query", { args: {} }), 400],
    [await post("/api/query", { ...call, format: "xml" }), 400],
    [await post("/api/query", { ...call, componentPath: "other" }), 403],
    [await post("/api/query", call, { Authorization: "Bearer nonsense" }), 401],
    [await post("/api/query", call, { Authorization: "Convex wrong-key" }), 401],
    [await post("/api/function", call), 401],
    [await post("/api/query_at_ts", { ...call, ts: "x" }), 400],
    [await post("/api/nowhere", {}), 404],
    [await post("/api/storage/upload?token=forged", "bytes"), 403],
  ] as const;
  for (const [{ status, body }, expected] of bad) {
    expect(status).toBe(expected);
    expect(body).toEqual({ code: expect.any(String), message: expect.any(String) });
    expect(JSON.stringify(body)).not.toContain("    at ");
  }
});

test("a page of any origin may call the API", async () => {
  const headers = { Origin: "https://page.example", "Access-Control-Request-Headers": "x-any" };
  const preflight = await fetch(`${deployment.url}/api/query`, { method: "OPTIONS", headers });
  expect(preflight.ok).toBe(true);
  expect(preflight.headers.get("access-control-allow-origin")).toBe("https://page.example");
  expect(preflight.headers.get("access-control-allow-headers")).toBe("x-any");
});

test("a file comes back as it was sent, whole or in part, until it is deleted", async () => {
  const http = new ConvexHttpClient(deployment.url);
  const content = crypto.getRandomValues(new Uint8Array(60_000));
  const address: string = await http.mutation(mutation("files:uploadUrl"), {});
  const upload = await fetch(address, {
    method: "POST",
    headers: { "Content-Type": "image/png" },
    body: content,
  });
  const { storageId } = (await upload.json()) as { storageId: string };
  const url: string = await http.query(query("files:url"), { id: storageId });
  const whole = await fetch(url);
  expect(whole.headers.get("content-type")).toBe("image/png");
  expect(new Uint8Array(await whole.arrayBuffer())).toEqual(content);
  const ranges = [
    ["bytes=10-19", content.slice(10, 20)],
    ["bytes=59990-", content.slice(59_990)],
    ["bytes=-5", content.slice(-5)],
  ] as const;
  for (const [range, expected] of ranges) {
    const part = await fetch(url, { headers: { Range: range } });
    expect(part.status).toBe(206);
    expect(new Uint8Array(await part.arrayBuffer())).toEqual(expected);
  }
  expect((await fetch(url, { headers: { Range: "bytes=70000-" } })).status).toBe(416);
  await http.mutation(mutation("files:remove"), { id: storageId });
  expect((await fetch(url)).status).toBe(404);
});

test("an upload that is not what was announced is refused", async () => {
  const http = new ConvexHttpClient(deployment.url);
  const address: string = await http.mutation(mutation("files:uploadUrl"), {});
  const Digest = `sha-256=${Buffer.alloc(32).toString("base64")}`;
  const response = await fetch(address, { method: "POST", headers: { Digest }, body: "text" });
  expect(response.status).toBe(400);
});

test("HTTP actions get the request and stream their answer, on both origins", async () => {
  for (const origin of [deployment.siteUrl, `${deployment.url}/http`]) {
    const echo = await fetch(`${origin}/echo?x=1`, {
      method: "POST",
      headers: { Authorization: `Bearer ${await tokenFor("http-user")}` },
      body: "hello",
    });
    expect(echo.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
    expect(await echo.json()).toEqual({
      origin: deployment.siteUrl,
      path: "/echo?x=1",
      body: "hello",
      subject: "http-user",
    });
  }
  const slow = await fetch(`${deployment.siteUrl}/slow`);
  expect(await slow.text()).toBe("one two three");
  const anonymous = { method: "POST", headers: { Authorization: "Basic abc" } };
  const unknown = await fetch(`${deployment.siteUrl}/echo`, anonymous);
  expect(await unknown.json()).toMatchObject({ subject: null });
  expect((await fetch(`${deployment.siteUrl}/nowhere`)).status).toBe(404);
});

test("a scheduled function runs after a restart, and clients come back by themselves", async () => {
  const client = connect();
  const entries: unknown[] = [];
  client.onUpdate(query("entries:of"), { client: "later" }, (found) => entries.push(found));
  await vi.waitFor(() => expect(entries).toEqual([[]]));
  const args = { client: "later", sequence: 9, delayMs: 400 };
  const job: string = await client.mutation(mutation("later:addEntry"), args);
  await deployment.close();
  deployment = await start(Number(new URL(deployment.url).port));
  await vi.waitFor(() => expect(entries.at(-1)).toEqual([9]), { timeout: 10_000 });
  const http = new ConvexHttpClient(deployment.url);
  expect(await http.query(query("later:state"), { job })).toBe("success");
});

test("a taken port, a data folder in use and a corrupt data file are refused in a sentence", async () => {
  const port = Number(new URL(deployment.url).port);
  const elsewhere = mkdtempSync(join(tmpdir(), "parley-refused-"));
  const host = "127.0.0.1";
  await expect(startDeployment({ dataDir: elsewhere, host, port, sitePort: 0 })).rejects.toThrow(
    /Port \d+ .* is taken.*--port/,
  );
  await expect(startDeployment({ dataDir, host, port: 0, sitePort: 0 })).rejects.toThrow(/in use/);
  rmSync(join(elsewhere, "data.sqlite"), { force: true });
  rmSync(join(elsewhere, "data.sqlite-wal"), { force: true });
  writeFileSync(join(elsewhere, "data.sqlite"), "this is no database at all, not even close");
  const size = statSync(join(elsewhere, "data.sqlite")).size;
  await expect(
    startDeployment({ dataDir: elsewhere, host, port: 0, sitePort: 0 }),
  ).rejects.toThrow();
  expect(statSync(join(elsewhere, "data.sqlite")).size).toBe(size);
  rmSync(elsewhere, { recursive: true });
  expect(existsSync(join(dataDir, "admin-key"))).toBe(true);
});
