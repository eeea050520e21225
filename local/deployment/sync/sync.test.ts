import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConvexClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { LiveQueries } from "../live/live-queries.ts";
import { SyncServer } from "../server/web-socket.ts";
import { readRows } from "../system-rows.ts";
import { Database } from "../transaction/database.ts";
import { ScriptedRunner, type Scripts } from "../fixture/scripted-runner.ts";
import { ANONYMOUS } from "./session-identity.ts";
import { parseClientMessage, ProtocolError } from "./protocol.ts";
import { SessionRequests } from "./session-requests.ts";

const query = (name: string) => makeFunctionReference<"query">(name);
const mutation = (name: string) => makeFunctionReference<"mutation">(name);
const action = (name: string) => makeFunctionReference<"action">(name);

const SCRIPTS: Scripts = {
  queries: {
    "accounts:list": ({ tx }) => balances(tx),
    "accounts:slowList": async ({ tx }) => {
      await new Promise((resolve) => setTimeout(resolve, 3));
      return balances(tx);
    },
    "texts:long": ({ args }) => "é🙂".repeat(args["times"] as number),
    "accounts:fail": () => {
      throw new Error("this query fails");
    },
  },
  mutations: {
    "accounts:open": ({ tx, args }) => {
      tx.insert("", "accounts", { name: args["name"], balance: 0 });
      return null;
    },
    "accounts:transfer": ({ tx }) => {
      const [from, to] = readRows(tx, "accounts.by_creation_time", []);
      tx.patch("", from!.id, { balance: (from!.value["balance"] as number) - 1 });
      tx.patch("", to!.id, { balance: (to!.value["balance"] as number) + 1 });
      return null;
    },
    "accounts:refuse": ({ tx }) => {
      tx.insert("", "accounts", { name: "never", balance: 0 });
      throw new Error("no such luck");
    },
  },
  actions: { "texts:echo": ({ args }) => args["text"]! },
};

function balances(tx: Parameters<typeof readRows>[0]): [string, number][] {
  return readRows(tx, "accounts.by_creation_time", []).map(({ value }) => [
    value["name"] as string,
    value["balance"] as number,
  ]);
}

let folder: string;
let database: Database;
let live: LiveQueries;
let sync: SyncServer;
let server: Server;
let failures: unknown[];
const clients: ConvexClient[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "parley-sync-"));
  database = Database.open(join(folder, "data.sqlite"), {
    systemTables: [],
  });
  failures = [];
  const runner = new ScriptedRunner(database, SCRIPTS).asRunner;
  live = new LiveQueries(database, runner);
  sync = new SyncServer({
    database,
    runner,
    live,
    sessionRequests: new SessionRequests(database),
    authenticate: () => Promise.resolve(ANONYMOUS),
    onInternalError: (error) => failures.push(error),
    chunkLength: 5_000,
  });
  server = createServer();
  sync.listenTo(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await sync.close(0);
  live.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  database.close();
  rmSync(folder, { recursive: true });
  expect(failures).toEqual([]);
});

function connect(): ConvexClient {
  const { port } = server.address() as AddressInfo;
  const client = new ConvexClient(`http://127.0.0.1:${port}`, { logger: false });
  clients.push(client);
  return client;
}

test("a write reaches every client that watches what it changed", async () => {
  const [writer, reader] = [connect(), connect()];
  const seen: unknown[] = [];
  reader.onUpdate(query("accounts:list"), {}, (accounts) => seen.push(accounts));
  await vi.waitFor(() => expect(seen).toEqual([[]]));
  await writer.mutation(mutation("accounts:open"), { name: "a" });
  await vi.waitFor(() => expect(seen).toEqual([[], [["a", 0]]]));
});

test("a mutation is resolved only when the client's own queries show it", async () => {
  const client = connect();
  let shown: unknown[] = [];
  client.onUpdate(query("accounts:list"), {}, (accounts: unknown[]) => (shown = accounts));
  for (let count = 1; count <= 50; count++) {
    await client.mutation(mutation("accounts:open"), { name: `n${count}` });
    expect(shown).toHaveLength(count);
  }
});

test("two queries of one client always show the same moment, however slow one of them is", async () => {
  const [watcher, ...writers] = [connect(), connect(), connect(), connect()];
  await watcher.mutation(mutation("accounts:open"), { name: "a" });
  await watcher.mutation(mutation("accounts:open"), { name: "b" });
  const torn: unknown[] = [];
  let transitions = 0;
  const slow = query("accounts:slowList");
  watcher.onUpdate(query("accounts:list"), {}, () => {});
  watcher.onUpdate(slow, {}, (late: [string, number][]) => {
    transitions++;
    const quick = watcher.client.localQueryResult("accounts:list", {});
    const total = late.reduce((sum, [, balance]) => sum + balance, 0);
    if (total !== 0 || JSON.stringify(quick) !== JSON.stringify(late)) torn.push({ quick, late });
  });
  const transfers = writers.flatMap((writer) =>
    Array.from({ length: 100 }, () => writer.mutation(mutation("accounts:transfer"), {})),
  );
  await Promise.all(transfers);
  await vi.waitFor(() =>
    expect(watcher.client.localQueryResult("accounts:slowList", {})).toEqual([
      ["a", -300],
      ["b", 300],
    ]),
  );
  expect(torn).toEqual([]);
  expect(transitions).toBeGreaterThan(3);
});

test("a result too long for one frame arrives whole", async () => {
  const client = connect();
  const text = await client.query(query("texts:long"), { times: 20_000 });
  expect(text).toBe("é🙂".repeat(20_000));
});

test("a failing query, mutation and action each tell their reason and leave nothing behind", async () => {
  const client = connect();
  await expect(client.query(query("accounts:fail"), {})).rejects.toThrow("this query fails");
  await expect(client.mutation(mutation("accounts:refuse"), {})).rejects.toThrow("no such luck");
  await expect(client.action(action("nothing:here"), {})).rejects.toThrow("Could not find");
  expect(await client.action(action("texts:echo"), { text: "hello" })).toBe("hello");
  expect(await client.query(query("accounts:list"), {})).toEqual([]);
});

test("a client that sends half a surrogate pair is told to stay away, as Convex tells it", () => {
  const send = (text: string) =>
    parseClientMessage(
      JSON.stringify({ type: "Action", requestId: 0, udfPath: "texts:echo", args: [{ text }] }),
    );
  expect(send("🙂")).toMatchObject({ type: "Action" });
  expect(() => send("\ud83d")).toThrow(ProtocolError);
});

test("a client that sends what is nested too deeply is told to stay away", () => {
  const deep = "[".repeat(100_000) + "]".repeat(100_000);
  const message = `{"type":"Action","requestId":0,"udfPath":"texts:echo","args":[{"deep":${deep}}]}`;
  expect(() => parseClientMessage(message)).toThrow(ProtocolError);
});

test("clients that watch the same share one execution, and a write elsewhere costs none", async () => {
  const watchers = Array.from({ length: 20 }, connect);
  const seen = watchers.map(() => [] as unknown[]);
  watchers.forEach((client, i) =>
    client.onUpdate(query("accounts:list"), {}, (accounts) => seen[i]!.push(accounts)),
  );
  await vi.waitFor(() => seen.forEach((each) => expect(each).toHaveLength(1)));
  const before = live.metrics.executions;
  await watchers[0]!.mutation(mutation("accounts:open"), { name: "a" });
  await vi.waitFor(() => seen.forEach((each) => expect(each).toHaveLength(2)));
  expect(live.metrics.executions - before).toBe(1);
  await database.write((tx) => void tx.insert("", "elsewhere", { any: "thing" }));
  await watchers[0]!.mutation(mutation("accounts:open"), { name: "b" });
  await vi.waitFor(() => seen.forEach((each) => expect(each).toHaveLength(3)));
  expect(live.metrics.executions - before).toBe(2);
});
