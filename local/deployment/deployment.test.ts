import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConvexClient, ConvexHttpClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { startDeployment } from "./deployment.ts";
import { RunningFixture } from "./fixture/running.ts";
import { decodeTimestamp } from "./values/timestamp.ts";

const query = (name: string) => makeFunctionReference<"query">(name);
const mutation = (name: string) => makeFunctionReference<"mutation">(name);
const action = (name: string) => makeFunctionReference<"action">(name);

let running: RunningFixture;
const clients: ConvexClient[] = [];

beforeAll(async () => {
  running = await RunningFixture.start();
});

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  expect(running.failures.splice(0)).toEqual([]);
});

afterAll(() => running.remove());

function connect(): ConvexClient {
  const client = new ConvexClient(running.deployment.url, { logger: false });
  clients.push(client);
  return client;
}

test("both official clients read and write, and the live one follows the other", async () => {
  const http = new ConvexHttpClient(running.deployment.url, { logger: false });
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
    () => running.tokenFor("user-1"),
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
    const socket = new WebSocket(`${running.deployment.url.replace("http", "ws")}/api/1.48.0/sync`);
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
  const value = await running.tokenFor("brief", 1);
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
  const http = new ConvexHttpClient(running.deployment.url);
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

test("a scheduled function runs after a restart, and clients come back by themselves", async () => {
  const client = connect();
  const entries: unknown[] = [];
  client.onUpdate(query("entries:of"), { client: "later" }, (found) => entries.push(found));
  await vi.waitFor(() => expect(entries).toEqual([[]]));
  const args = { client: "later", sequence: 9, delayMs: 400 };
  const job: string = await client.mutation(mutation("later:addEntry"), args);
  await running.restart();
  await vi.waitFor(() => expect(entries.at(-1)).toEqual([9]), { timeout: 10_000 });
  const http = new ConvexHttpClient(running.deployment.url);
  expect(await http.query(query("later:state"), { job })).toBe("success");
});

test("a taken port, a data folder in use and a corrupt data file are refused in a sentence", async () => {
  const port = Number(new URL(running.deployment.url).port);
  const elsewhere = mkdtempSync(join(tmpdir(), "parley-refused-"));
  const host = "127.0.0.1";
  await expect(startDeployment({ dataDir: elsewhere, host, port, sitePort: 0 })).rejects.toThrow(
    /Port \d+ .* is taken.*--port/,
  );
  await expect(
    startDeployment({ dataDir: running.dataDir, host, port: 0, sitePort: 0 }),
  ).rejects.toThrow(/in use/);
  rmSync(join(elsewhere, "data.sqlite"), { force: true });
  rmSync(join(elsewhere, "data.sqlite-wal"), { force: true });
  writeFileSync(join(elsewhere, "data.sqlite"), "this is no database at all, not even close");
  const size = statSync(join(elsewhere, "data.sqlite")).size;
  await expect(
    startDeployment({ dataDir: elsewhere, host, port: 0, sitePort: 0 }),
  ).rejects.toThrow();
  expect(statSync(join(elsewhere, "data.sqlite")).size).toBe(size);
  rmSync(elsewhere, { recursive: true });
  expect(existsSync(join(running.dataDir, "admin-key"))).toBe(true);
});
