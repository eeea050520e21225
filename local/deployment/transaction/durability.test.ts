import { copyFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { SystemTable } from "../store/catalog.ts";
import { readDurable, readRows } from "../system-rows.ts";
import { Database } from "./database.ts";

const NOTES: SystemTable = {
  name: "_notes",
  number: 9_000,
  indexes: [{ name: "by_number", fields: ["number"] }],
};
const BURSTS = 60;

let folder: string;
/** The log's length when the commits up to that number had been acknowledged. */
const acknowledged: { readonly bytes: number; readonly commits: number }[] = [];
let log: Buffer;

/** Bursts of commits, each of two documents; some share a disk sync. What was written is kept. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "parley-cut-"));
  const database = open(folder);
  copyFileSync(join(folder, "data.sqlite"), join(folder, "start.sqlite"));
  const started = statSync(join(folder, "data.sqlite-wal")).size;
  acknowledged.push({ bytes: started, commits: 0 });
  let commits = 0;
  for (let burst = 0; burst < BURSTS; burst++) {
    const size = 1 + (burst % 4);
    await Promise.all(Array.from({ length: size }, () => write(database, ++commits)));
    acknowledged.push({ bytes: statSync(join(folder, "data.sqlite-wal")).size, commits });
  }
  log = readFileSync(join(folder, "data.sqlite-wal"));
  database.close();
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function open(at: string): Database {
  return Database.open(join(at, "data.sqlite"), { systemTables: [NOTES] });
}

/** One commit: a pair, so that half a commit would show. */
function write(database: Database, number: number): Promise<void> {
  return database.write((tx) => {
    const text = "x".repeat((number * 37) % 3_000);
    tx.insert("", "_notes", { number, half: 1, text });
    tx.insert("", "_notes", { number, half: 2, text });
  });
}

/** The numbers of the commits that are there after a reopening of the log as `content`. */
function reopened(content: Buffer): number[] {
  const at = mkdtempSync(join(tmpdir(), "parley-cut-again-"));
  try {
    copyFileSync(join(folder, "start.sqlite"), join(at, "data.sqlite"));
    writeFileSync(join(at, "data.sqlite-wal"), content);
    const database = open(at);
    try {
      return readDurable(database, (tx) =>
        readRows(tx, "_notes.by_number", []).map(({ value }) => value["number"] as number),
      );
    } finally {
      database.close();
    }
  } finally {
    rmSync(at, { recursive: true });
  }
}

function acknowledgedAt(bytes: number): number {
  return acknowledged.findLast((one) => one.bytes <= bytes)?.commits ?? 0;
}

test("a log that ends anywhere holds every commit acknowledged before, whole, and no half of one", () => {
  const first = acknowledged[0]?.bytes ?? 0;
  const cut = fc.integer({ min: first, max: log.length });
  const rest = fc.constantFrom("nothing", "zeros", "noise");
  fc.assert(
    fc.property(cut, rest, (bytes, tail) => {
      const content = Buffer.from(tail === "nothing" ? log.subarray(0, bytes) : log);
      if (tail === "zeros") content.fill(0, bytes);
      if (tail === "noise") content.fill("\u00a5not what was written", bytes);
      const numbers = reopened(content);
      const commits = numbers.length / 2;
      expect(commits).toBeGreaterThanOrEqual(acknowledgedAt(bytes));
      const whole = Array.from({ length: commits }, (_, at) => [at + 1, at + 1]).flat();
      expect(numbers).toEqual(whole);
    }),
    { numRuns: 40 },
  );
});

test("the whole log holds every commit", () => {
  expect(reopened(log)).toHaveLength(2 * (acknowledged.at(-1)?.commits ?? 0));
});
