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
const TIMES = 1_000;

interface Measured {
  readonly writeMs: number;
  readonly readMs: number;
  readonly restartMs: number;
}

/** A write, a read of one document and a restart, with a million documents in the table. */
export async function largeTable(): Promise<Figure[]> {
  const small = await withDocuments(SMALL);
  const large = await withDocuments(LARGE);
  const ratio = (name: string, value: number): Figure => ({
    measure: "1,000,000 documents in the table",
    name,
    unit: "ratio",
    value,
    baseline: 1,
    limit: 1.5,
  });
  return [
    ratio("a write, against 10,000", large.writeMs / small.writeMs),
    ratio("a read of one, against 10,000", large.readMs / small.readMs),
    {
      measure: "1,000,000 documents in the table",
      name: "restart until it serves",
      unit: "ms",
      value: large.restartMs,
      baseline: small.restartMs,
      limit: 1_000,
    },
  ];
}

async function withDocuments(count: number): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), "parley-large-"));
  const deployment = await DeploymentProcess.start(folder);
  try {
    await pushFixture(deployment);
    await deployment.stop();
    await fill(folder, count);
    const startedAt = performance.now();
    await deployment.start();
    const restartMs = performance.now() - startedAt;
    const client = await WireClient.connect(deployment.url);
    await timed(200, (at) => client.mutate("entries:add", { client: "warm", sequence: at }));
    const writeMs = await timed(TIMES, (at) =>
      client.mutate("entries:add", { client: "measured", sequence: at }),
    );
    const readMs = await timed(TIMES, (at) =>
      client.watch([
        { path: "entries:of", args: { client: `filled-${(at * 7_919) % (count / 10)}` } },
      ]),
    );
    await client.close();
    return { writeMs, readMs, restartMs };
  } finally {
    await deployment.stop();
    rmSync(folder, { recursive: true });
  }
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

/** The median time of `work` in milliseconds. */
async function timed(times: number, work: (at: number) => Promise<void>): Promise<number> {
  const all: number[] = [];
  for (let at = 0; at < times; at++) {
    const startedAt = performance.now();
    await work(at);
    all.push(performance.now() - startedAt);
  }
  return quantile(all, 0.5);
}
