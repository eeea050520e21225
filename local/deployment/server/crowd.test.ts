import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { ConvexClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { type Deployment, startDeployment } from "../deployment.ts";
import { pushFixture } from "../fixture/push.ts";

// What many, and what greedy clients do to the others. They speak plain TCP: thousands of them must
// cost this process little.

const MB = 1024 * 1024;
const FUNCTIONS = `
  import { actionGeneric, mutationGeneric, queryGeneric } from "convex/server";
  export const large = queryGeneric(async ({ db }, { bytes }) => {
    const entries = await db.query("entries").withIndex("by_client", (q) => q.eq("client", "large")).collect();
    return String(entries.length).padEnd(bytes, "x");
  });
  export const largeAnswer = mutationGeneric(async ({ db }, { bytes, sequence }) => {
    await db.insert("entries", { client: "greedy", sequence });
    return "x".repeat(bytes);
  });
  export const largeResult = actionGeneric(async (_, { bytes, at }) => {
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, at - Date.now())));
    return "x".repeat(bytes);
  });
`;
const add = makeFunctionReference<"mutation">("entries:add");
const entriesOf = makeFunctionReference<"query">("entries:of");

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** In bytes, without what is only not cleared away yet. */
function memoryInUse(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

let dataDir: string;
let deployment: Deployment;
let witness: ConvexClient;
const crowd: Socket[] = [];

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "parley-crowd-"));
  deployment = await startDeployment({ dataDir, host: "127.0.0.1", port: 0, sitePort: 0 });
  const module = join(dataDir, "crowd.ts");
  writeFileSync(module, FUNCTIONS);
  await pushFixture(deployment, undefined, [module]);
});

beforeEach(() => {
  witness = new ConvexClient(deployment.url, { logger: false });
});

afterEach(async () => {
  for (const socket of crowd.splice(0)) socket.destroy();
  await witness.close();
});

afterAll(async () => {
  await deployment.close();
  rmSync(dataDir, { recursive: true });
});

/** A connection that sends `bytes` and then leaves it to the server. */
async function arrive(bytes: string | Buffer): Promise<Socket> {
  const socket = connect(deployment.ports.cloud, "127.0.0.1");
  crowd.push(socket);
  socket.on("error", () => {});
  await once(socket, "connect");
  socket.write(bytes);
  return socket;
}

async function many(count: number, join: () => Promise<Socket>): Promise<void> {
  // The queue of connections that are not accepted yet is short.
  for (let at = 0; at < count; at += 100) {
    await Promise.all(Array.from({ length: Math.min(100, count - at) }, join));
  }
}

const UPGRADE =
  "GET /api/1.48.0/sync HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
  "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";

/** A message of a client, with the mask that changes nothing. */
function frame(message: object): Buffer {
  const payload = Buffer.from(JSON.stringify(message));
  const head = Buffer.alloc(8);
  head.writeUInt8(0x81, 0);
  head.writeUInt8(0x80 | 126, 1);
  head.writeUInt16BE(payload.length, 2);
  return Buffer.concat([head, payload]);
}

function hello(): Buffer {
  return frame({
    type: "Connect",
    sessionId: crypto.randomUUID(),
    connectionCount: 0,
    lastCloseReason: "InitialConnect",
    clientTs: 0,
  });
}

function watching(udfPath: string, args: object, queryId = 0): Buffer {
  const query = { type: "Add", queryId, udfPath, args: [args] };
  return frame({ type: "ModifyQuerySet", baseVersion: 0, newVersion: 1, modifications: [query] });
}

/** Writes and sees what it wrote, several times, as everybody must be able to. */
async function expectServed(times: number): Promise<void> {
  const client = crypto.randomUUID();
  let seen: number[] = [];
  const stop = witness.onUpdate(entriesOf, { client }, (entries) => (seen = entries as number[]));
  for (let sequence = 0; sequence < times; sequence++) {
    await witness.mutation(add, { client, sequence });
    await vi.waitFor(() => expect(seen.length).toBe(sequence + 1), {
      timeout: 10_000,
      interval: 1,
    });
  }
  stop();
}

test("thousands of idle sockets, and some that never say who they are, leave the others served", async () => {
  await expectServed(3);
  const before = memoryInUse();
  const first = watching("entries:of", { client: "crowd" });
  await many(2_400, () => arrive(Buffer.concat([Buffer.from(UPGRADE), hello(), first])));
  await many(300, () => arrive(UPGRADE));
  await many(300, () => arrive("GET /api/1.48.0/sync HTTP/1.1\r\nHost: x\r\nConnec"));
  await expectServed(10);
  // Both ends of every connection live in this process.
  expect(memoryInUse() - before).toBeLessThan(400 * MB);
  expect(crowd.every((socket) => !socket.destroyed)).toBe(true);
});

test("clients that read nothing of what they watch cost a few results each, however often these change", async () => {
  const bytes = 500_000;
  await many(20, async () => {
    const socket = await arrive(Buffer.concat([Buffer.from(UPGRADE), hello()]));
    socket.pause();
    socket.write(watching("crowd:large", { bytes }));
    return socket;
  });
  const before = memoryInUse();
  for (let sequence = 0; sequence < 60; sequence++) {
    await witness.mutation(add, { client: "large", sequence });
  }
  // All of it would be 600 MB.
  expect(memoryInUse() - before).toBeLessThan(150 * MB);
  await expectServed(5);
});

test("a client that takes no answers is asked for no more, and others are", async () => {
  const bytes = 500_000;
  const requests = 120;
  const greedy = await arrive(Buffer.concat([Buffer.from(UPGRADE), hello()]));
  greedy.pause();
  for (let requestId = 0; requestId < requests; requestId++) {
    const args = [{ bytes, sequence: requestId }];
    greedy.write(frame({ type: "Mutation", requestId, udfPath: "crowd:largeAnswer", args }));
  }
  await expectServed(20);
  const done = async () => ((await witness.query(entriesOf, { client: "greedy" })) as []).length;
  // What the system itself keeps on its way, and then what waits for it to be taken.
  await vi.waitFor(async () => expect(await done()).toBeGreaterThan(0));
  expect(await done()).toBeLessThan(requests / 2);
  greedy.resume();
  await vi.waitFor(async () => expect(await done()).toBe(requests), { timeout: 20_000 });
});

test("a client that takes no results of its actions is let go when they are too much", async () => {
  const bytes = 8 * MB;
  const requests = 60;
  const greedy = await arrive(Buffer.concat([Buffer.from(UPGRADE), hello()]));
  let closed = false;
  greedy.on("close", () => (closed = true));
  greedy.pause();
  const before = memoryInUse();
  // All of them are under way before the first has a result.
  const at = Date.now() + 1_000;
  for (let requestId = 0; requestId < requests; requestId++) {
    const args = [{ bytes, at }];
    greedy.write(frame({ type: "Action", requestId, udfPath: "crowd:largeResult", args }));
  }
  await new Promise((resolve) => setTimeout(resolve, at + 1_000 - Date.now()));
  await expectServed(5);
  // All of it would be 480 MB.
  expect(memoryInUse() - before).toBeLessThan(250 * MB);
  const chunks: Buffer[] = [];
  greedy.on("data", (chunk: Buffer) => chunks.push(chunk.subarray(-40)));
  greedy.resume();
  await vi.waitFor(() => expect(Buffer.concat(chunks).includes("TooMuchUntaken")).toBe(true), {
    timeout: 60_000,
  });
  greedy.end();
  await vi.waitFor(() => expect(closed).toBe(true), { timeout: 60_000 });
}, 180_000);

test("what many have begun to say and do not end is given up when it is too much", async () => {
  const piece = Buffer.alloc(16 * MB, "x");
  const head = Buffer.alloc(14);
  head.writeUInt8(0x81, 0);
  head.writeUInt8(0x80 | 127, 1);
  head.writeBigUInt64BE(BigInt(17 * MB), 2);
  const before = memoryInUse();
  for (let at = 0; at < 40; at++) {
    const socket = await arrive(Buffer.concat([Buffer.from(UPGRADE), hello()]));
    socket.resume();
    socket.write(head);
    socket.write(piece);
  }
  const open = () => crowd.filter((socket) => !socket.destroyed).length;
  await vi.waitFor(() => expect(open()).toBeLessThanOrEqual(16), { timeout: 15_000 });
  expect(open()).toBeGreaterThan(10);
  await expectServed(5);
  // All of it would be 640 MB.
  await vi.waitFor(() => expect(memoryInUse() - before).toBeLessThan(500 * MB), {
    timeout: 10_000,
  });
});
