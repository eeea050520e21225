import { WebSocket } from "ws";
import type { DeploymentProcess } from "../../faults/deployment-process.ts";
import { middle, quantile, type Figure } from "../report.ts";
import { bareTransactionsPerSecond, startBareServer } from "./bare.ts";
import { processorMs, residentBytes } from "./process-cost.ts";
import { WireClient } from "./wire-client.ts";

const ADD = "entries:add";
const OF = "entries:of";

const ROUNDS = 7;
/** Not counted: the code that runs most has yet to be compiled. */
const WARM_UP_ROUNDS = 3;
const WRITE_MS = 1_500;
const CLIENTS = 50;
const IN_FLIGHT = 10;

/** Acknowledged mutations a second, of 50 clients and of one in sequence, in turns with the bare loop. */
export async function throughput(deployment: DeploymentProcess, folder: string): Promise<Figure[]> {
  const figure = async (
    name: string,
    clients: number,
    inFlight: number,
    share: number,
  ): Promise<Figure> => {
    for (let round = 0; round < WARM_UP_ROUNDS; round++) {
      await writesPerSecond(deployment.url, clients, inFlight);
    }
    const rounds: { value: number; baseline: number }[] = [];
    while (rounds.length < ROUNDS) {
      const baseline = bareTransactionsPerSecond(folder);
      rounds.push({ value: await writesPerSecond(deployment.url, clients, inFlight), baseline });
    }
    // The speed of a disk drifts by half within a minute, so each round is judged by its own baseline.
    const { value, baseline } = middle(rounds, (round) => round.value / round.baseline);
    return {
      measure: "acknowledged mutations",
      name,
      unit: "per second",
      value,
      baseline,
      limit: null,
      atLeast: baseline * share,
    };
  };
  return [
    await figure(`${CLIENTS} clients`, CLIENTS, IN_FLIGHT, 1),
    await figure("one client in sequence", 1, 1, 0.4),
  ];
}

async function writesPerSecond(url: string, count: number, inFlight: number): Promise<number> {
  const clients = await connected(url, count);
  const end = AbortSignal.timeout(WRITE_MS);
  let written = 0;
  const lane = async (client: WireClient, name: string): Promise<void> => {
    for (let sequence = 0; !end.aborted; sequence++) {
      await client.mutate(ADD, { client: name, sequence });
      written++;
    }
  };
  const startedAt = performance.now();
  const lanes = clients.flatMap((client, at) =>
    Array.from({ length: inFlight }, (_, lane_) => lane(client, `${count}-${at}-${lane_}`)),
  );
  await Promise.all(lanes);
  const seconds = (performance.now() - startedAt) / 1000;
  await closed(clients);
  return written / seconds;
}

const WRITES = 3_000;
/** A processor is shared with others: what a write costs drifts too. */
const COST_ROUNDS = 3;

/** What a write costs the server while others watch other things. */
export async function writesBesideSubscriptions(deployment: DeploymentProcess): Promise<Figure[]> {
  const ratios: number[] = [];
  while (ratios.length < COST_ROUNDS) {
    const few = await processorPerWrite(deployment, 10);
    ratios.push((await processorPerWrite(deployment, 10_000)) / few);
  }
  return [
    {
      measure: "processor time a write",
      name: "10,000 subscriptions on other ranges, against 10",
      unit: "ratio",
      value: quantile(ratios, 0.5),
      baseline: 1,
      limit: 1.2,
    },
  ];
}

async function processorPerWrite(
  deployment: DeploymentProcess,
  subscriptions: number,
): Promise<number> {
  const watchers = await connected(deployment.url, 10);
  const each = subscriptions / watchers.length;
  for (const [at, watcher] of watchers.entries()) {
    const watches = Array.from({ length: each }, (_, i) => ({
      path: OF,
      args: { client: `elsewhere-${subscriptions}-${at}-${i}` },
    }));
    await watcher.watch(watches);
  }
  const [writer] = await connected(deployment.url, 1);
  const write = async (name: string, count: number): Promise<void> => {
    for (let sequence = 0; sequence < count; sequence += IN_FLIGHT) {
      const batch = Array.from({ length: IN_FLIGHT }, (_, i) =>
        writer!.mutate(ADD, { client: name, sequence: sequence + i }),
      );
      await Promise.all(batch);
    }
  };
  await write(`warm-${subscriptions}`, WRITES / 3);
  const before = processorMs(deployment.pid);
  await write(`writer-${subscriptions}`, WRITES);
  const spent = processorMs(deployment.pid) - before;
  await closed([...watchers, writer!]);
  return spent / WRITES;
}

const SUBSCRIBERS = 1_000;

/** From a write until the last of a thousand who watch the same has it. */
export async function oneRange(deployment: DeploymentProcess): Promise<Figure[]> {
  const client = "one-range";
  const watchers = await connected(deployment.url, SUBSCRIBERS);
  for (const watcher of watchers) await watcher.watch([{ path: OF, args: { client } }]);
  const [writer] = await connected(deployment.url, 1);
  const times: number[] = [];
  for (let sequence = 0; sequence < 20; sequence++) {
    const all = Promise.all(watchers.map((watcher) => watcher.transitionsFrom(1)));
    const startedAt = performance.now();
    await writer!.mutate(ADD, { client, sequence });
    await all;
    times.push(performance.now() - startedAt);
  }
  await closed([...watchers, writer!]);
  return [
    {
      measure: "1,000 subscribers of one range",
      name: "from the write to the last, p50",
      unit: "ms",
      value: quantile(times, 0.5),
      baseline: null,
      limit: 100,
    },
  ];
}

const STREAMS = 100;
const STREAM_MS = 6_000;
/** Not counted either. */
const STREAM_WARM_UP_MS = 1_000;
const CADENCE_MS = 50;

/** A hundred answers, each appended to every 50 ms and watched: from the commit to its watcher. */
export async function streaming(deployment: DeploymentProcess): Promise<Figure[]> {
  const watchers = await connected(deployment.url, STREAMS);
  const writers = await connected(deployment.url, STREAMS);
  const delays: number[] = [];
  const waits: number[] = [];
  const stream = async (at: number): Promise<void> => {
    const client = `stream-${at}`;
    const [watcher, writer] = [watchers[at]!, writers[at]!];
    await watcher.watch([{ path: OF, args: { client } }]);
    await sleep((at * CADENCE_MS) / STREAMS);
    const warmFrom = performance.now() + STREAM_WARM_UP_MS;
    const until = performance.now() + STREAM_MS;
    for (let sequence = 0; performance.now() < until; sequence++) {
      const startedAt = performance.now();
      const seen = watcher.transitionsFrom(1).then(() => Date.now());
      const committedAt = await writer.mutate(ADD, { client, sequence });
      const seenAt = await seen;
      if (startedAt >= warmFrom) {
        delays.push(seenAt - committedAt);
        waits.push(performance.now() - startedAt);
      }
      await sleep(Math.max(0, startedAt + CADENCE_MS - performance.now()));
    }
  };
  await Promise.all(watchers.map((_, at) => stream(at)));
  await closed([...watchers, ...writers]);
  const figure = (name: string, value: number, limit: number | null): Figure => ({
    measure: `${STREAMS} answers streaming`,
    name,
    unit: "ms",
    value,
    baseline: null,
    limit,
  });
  return [
    figure("from the commit to its watcher, p50", quantile(delays, 0.5), null),
    figure("from the commit to its watcher, p95", quantile(delays, 0.95), 40),
    figure("from the request to the watcher, p95", quantile(waits, 0.95), null),
  ];
}

/** With the first ones a process grows by what it holds only once, and by garbage. */
const FIRST_SOCKETS = 1_000;
const IDLE_SOCKETS = 2_000;
const SUBSCRIPTIONS_EACH = 5;

/** What an idle socket with five subscriptions holds in memory, beside one of a bare server. */
export async function idleSockets(deployment: DeploymentProcess): Promise<Figure[]> {
  const bareServer = await startBareServer();
  const bareSockets: WebSocket[] = [];
  const bare = await bytesPerSocket(bareServer.pid, async (count) => {
    const open = Array.from({ length: count }, () => openSocket(bareServer.url));
    bareSockets.push(...(await Promise.all(open)));
  });
  for (const socket of bareSockets) socket.terminate();
  await bareServer.stop();

  const clients: WireClient[] = [];
  const value = await bytesPerSocket(deployment.pid, async (count) => {
    for (const client of await connected(deployment.url, count)) {
      const at = clients.push(client);
      await client.watch(
        Array.from({ length: SUBSCRIPTIONS_EACH }, (_, i) => ({
          path: OF,
          args: { client: `idle-${at}-${i}` },
        })),
      );
    }
  });
  await closed(clients);
  return [
    {
      measure: "memory of an idle socket",
      name: `with ${SUBSCRIPTIONS_EACH} subscriptions`,
      unit: "bytes",
      value,
      baseline: bare,
      limit: bare + 25_000,
    },
  ];
}

async function bytesPerSocket(
  pid: number,
  open: (count: number) => Promise<void>,
): Promise<number> {
  await open(FIRST_SOCKETS);
  await sleep(2_000);
  const before = residentBytes(pid);
  await open(IDLE_SOCKETS);
  await sleep(2_000);
  return (residentBytes(pid) - before) / IDLE_SOCKETS;
}

async function openSocket(url: string): Promise<WebSocket> {
  const socket = new WebSocket(url.replace("http", "ws"));
  await new Promise((resolve) => socket.once("open", resolve));
  return socket;
}

function connected(url: string, count: number): Promise<WireClient[]> {
  return Promise.all(Array.from({ length: count }, () => WireClient.connect(url)));
}

async function closed(clients: readonly WireClient[]): Promise<void> {
  await Promise.all(clients.map((client) => client.close()));
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
