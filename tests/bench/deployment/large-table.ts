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
const TIMES = 1_000;
const MEASURE = "1,000,000 documents in the table";

/** A deployment with so many documents in one table, and how long its start took. */
interface Filled {
  readonly count: number;
  readonly client: WireClient;
  readonly restartMs: number;
  stop(): Promise<void>;
}

/** A write, a read of one document and a restart, with a million documents in the table. */
export async function largeTable(): Promise<Figure[]> {
  const small = await filled(SMALL);
  const large = await filled(LARGE);
  try {
    const add = (client: string) => (table: Filled, at: number) =>
      table.client.mutate("entries:add", { client, sequence: at });
    const read = ({ count, client }: Filled, at: number) =>
      client.watch([
        { path: "entries:of", args: { client: `filled-${(at * 7_919) % (count / 10)}` } },
      ]);
    await inTurns([small, large], WARM_UP, add("warm"));
    const writes = await inTurns([small, large], TIMES, add("measured"));
    const reads = await inTurns([small, large], TIMES, read);
    return [
      ratio("a write, against 10,000", writes),
      ratio("a read of one, against 10,000", reads),
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

function ratio(name: string, [small, large]: readonly [number, number]): Figure {
  const value = large / small;
  return { measure: MEASURE, name, unit: "ratio", value, baseline: 1, limit: 1.5 };
}

async function filled(count: number): Promise<Filled> {
  const folder = mkdtempSync(join(tmpdir(), "parley-large-"));
  const deployment = await DeploymentProcess.start(folder);
  await pushFixture(deployment);
  await deployment.stop();
  await fill(folder, count);
  const startedAt = performance.now();
  await deployment.start();
  const restartMs = performance.now() - startedAt;
  const client = await WireClient.connect(deployment.url);
  const stop = async () => {
    await client.close();
    await deployment.stop();
    rmSync(folder, { recursive: true });
  };
  return { count, client, restartMs, stop };
}

async function fill(folder: string, count: number): Promise<void> {
  const database = Database.open(join(folder, "data.sqlite"), { systemTables: SYSTEM_TABLES });
  for (let start = 0; start < count; start += BATCH) {
    await database.write((tx) => {
      for (let at = start; at < Math.min(start + BATCH, count); at++) {
        tx.insert("", "entries", { client: `filled-${at % (count / 10)}`, sequence: at });
      }
    });
  }
  database.close();
}

/** The median time of `work` on each, in milliseconds: in turns, so that both meet the same machine. */
async function inTurns(
  tables: readonly [Filled, Filled],
  times: number,
  work: (table: Filled, at: number) => Promise<unknown>,
): Promise<[number, number]> {
  const all: [number[], number[]] = [[], []];
  for (let at = 0; at < times; at++) {
    for (const which of [0, 1] as const) {
      const startedAt = performance.now();
      await work(tables[which], at);
      all[which].push(performance.now() - startedAt);
    }
  }
  return [quantile(all[0], 0.5), quantile(all[1], 0.5)];
}
