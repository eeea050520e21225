import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pushFixture } from "../../../local/deployment/fixture/push.ts";
import { SYSTEM_TABLES } from "../../../local/deployment/system-tables.ts";
import { Database } from "../../../local/deployment/transaction/database.ts";
import { DeploymentProcess } from "../../faults/deployment-process.ts";
import { quantile, type Figure } from "../report.ts";
import { WireClient } from "./wire-client.ts";

const SMALL = 10_000;
const LARGE = 1_000_000;
const BATCH = 5_000;
const WARM_UP = 200;
/** One round is over in a second, in which another may hold one of two processors. */
const ROUNDS = 5;
const TIMES = 200;
const MEASURE = "1,000,000 documents in the table";

/** A deployment with so many documents in one table, and how long its start took. */
interface Filled {
  readonly ids: readonly string[];
  readonly client: WireClient;
  readonly restartMs: number;
  stop(): Promise<void>;
}

/** So many documents of a client lie as far apart as the table allows. */
const OF_A_CLIENT = 10;
/** Two that are read one after the other have nothing in common. */
const STRIDE = 7_919;

/** A write, reads and a restart, with a million documents in the table. */
export async function largeTable(): Promise<Figure[]> {
  const small = await filled(SMALL);
  const large = await filled(LARGE);
  try {
    const add = (client: string) => (table: Filled, at: number) =>
      table.client.mutate("entries:add", { client, sequence: at });
    const read = ({ ids, client }: Filled, at: number) =>
      client.watch([{ path: "entries:one", args: { id: ids[(at * STRIDE) % ids.length] } }]);
    const readRange = ({ ids, client }: Filled, at: number) => {
      const name = nameOf((at * STRIDE) % ids.length, ids.length);
      return client.watch([{ path: "entries:of", args: { client: name } }]);
    };
    const tables = [small, large] as const;
    await inTurns(tables, 0, WARM_UP, add("warm"));
    const [writes, reads, ranges]: [number[], number[], number[]] = [[], [], []];
    for (let round = 0; round < ROUNDS; round++) {
      const from = round * TIMES;
      writes.push(await inTurns(tables, from, TIMES, add("measured")));
      reads.push(await inTurns(tables, from, TIMES, read));
      ranges.push(await inTurns(tables, from, TIMES, readRange));
    }
    return [
      { ...ratio("a write, against 10,000", writes), limit: 1.5 },
      { ...ratio("a read of one, against 10,000", reads), limit: 1.5 },
      ratio("a read of ten that lie far apart, against 10,000", ranges),
      {
        measure: MEASURE,
        name: "restart until it serves",
        unit: "ms",
        value: large.restartMs,
        baseline: small.restartMs,
        limit: 1_000,
      },
    ];
  } finally {
    await Promise.all([small.stop(), large.stop()]);
  }
}

function ratio(name: string, rounds: readonly number[]): Figure {
  const value = quantile(rounds, 0.5);
  return { measure: MEASURE, name, unit: "ratio", value, baseline: 1, limit: null };
}

async function filled(count: number): Promise<Filled> {
  const folder = mkdtempSync(join(tmpdir(), "parley-large-"));
  const deployment = await DeploymentProcess.start(folder);
  await pushFixture(deployment);
  await deployment.stop();
  const ids = await fill(folder, count);
  const startedAt = performance.now();
  await deployment.start();
  const restartMs = performance.now() - startedAt;
  const client = await WireClient.connect(deployment.url);
  const stop = async () => {
    await client.close();
    await deployment.stop();
    rmSync(folder, { recursive: true });
  };
  return { ids, client, restartMs, stop };
}

function nameOf(at: number, count: number): string {
  return `filled-${at % (count / OF_A_CLIENT)}`;
}

async function fill(folder: string, count: number): Promise<string[]> {
  const ids: string[] = [];
  const database = Database.open(join(folder, "data.sqlite"), { systemTables: SYSTEM_TABLES });
  for (let start = 0; start < count; start += BATCH) {
    await database.write((tx) => {
      for (let at = start; at < Math.min(start + BATCH, count); at++) {
        ids.push(tx.insert("", "entries", { client: nameOf(at, count), sequence: at }));
      }
    });
  }
  database.close();
  return ids;
}

/**
 * What `work` takes on the second, in units of what it takes on the first, by their medians: in
 * turns, so that both meet the same machine.
 */
async function inTurns(
  tables: readonly [Filled, Filled],
  from: number,
  times: number,
  work: (table: Filled, at: number) => Promise<unknown>,
): Promise<number> {
  const [first, second]: [number[], number[]] = [[], []];
  for (let at = from; at < from + times; at++) {
    for (const [which, taken] of [first, second].entries()) {
      const startedAt = performance.now();
      await work(tables[which]!, at);
      taken.push(performance.now() - startedAt);
    }
  }
  return quantile(second, 0.5) / quantile(first, 0.5);
}
