import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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
const BURSTS = 120;
const FILE = "data.sqlite";

/** What a burst of commits left on disk when the last of them had been acknowledged. */
interface Burst {
  readonly commits: number;
  readonly redo: Part;
  readonly walLength: number;
}

/** What of a file became different. */
interface Part {
  readonly at: number;
  readonly bytes: Buffer;
}

let folder: string;
/** As it was before the first burst; the data file itself does not change meanwhile. */
let firstRedo: Buffer;
/** Only ever appended to. */
let wal: Buffer;
const bursts: Burst[] = [];

/** Bursts of commits, each of two documents; some share a disk sync. What was written is kept. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "parley-cut-"));
  const database = open(folder);
  copyFileSync(join(folder, FILE), join(folder, "start.sqlite"));
  firstRedo = read("redo");
  let redo = firstRedo;
  let commits = 0;
  const keep = () => {
    const before = redo;
    redo = read("redo");
    bursts.push({ commits, redo: difference(before, redo), walLength: read("wal").length });
  };
  keep();
  for (let burst = 0; burst < BURSTS; burst++) {
    const size = 1 + (burst % 4);
    await Promise.all(Array.from({ length: size }, () => write(database, ++commits)));
    keep();
  }
  wal = read("wal");
  database.close();
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function read(log: "redo" | "wal"): Buffer {
  return readFileSync(join(folder, `${FILE}-${log}`));
}

function difference(before: Buffer, after: Buffer): Part {
  let at = 0;
  let end = after.length;
  while (at < end && before[at] === after[at]) at++;
  while (end > at && before[end - 1] === after[end - 1]) end--;
  return { at, bytes: Buffer.from(after.subarray(at, end)) };
}

function open(at: string): Database {
  return Database.open(join(at, FILE), { systemTables: [NOTES] });
}

/** One commit: a pair, so that half a commit would show. */
function write(database: Database, number: number): Promise<void> {
  return database.write((tx) => {
    const text = "x".repeat((number * 37) % 12_000);
    tx.insert("", "_notes", { number, half: 1, text });
    tx.insert("", "_notes", { number, half: 2, text });
  });
}

/** The numbers of the commits that are there after a reopening with such logs. */
function reopened(logs: { readonly redo: Buffer; readonly wal: Buffer }): number[] {
  const at = mkdtempSync(join(tmpdir(), "parley-cut-again-"));
  try {
    copyFileSync(join(folder, "start.sqlite"), join(at, FILE));
    writeFileSync(join(at, `${FILE}-redo`), logs.redo);
    writeFileSync(join(at, `${FILE}-wal`), logs.wal);
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

/** The redo log as it was after that burst. */
function redoAfter(burst: number): Buffer {
  const log = Buffer.from(firstRedo);
  for (const { redo } of bursts.slice(0, burst + 1)) redo.bytes.copy(log, redo.at);
  return log;
}

type Tail = "nothing" | "zeros" | "noise";

/** Writes the first part of the bytes, and for the rest what a disk may hold that lost its power. */
function torn(file: Buffer, { at, bytes }: Part, share: number, tail: Tail): Buffer {
  const written = Math.floor(bytes.length * share);
  const content = Buffer.alloc(Math.max(file.length, at + bytes.length));
  file.copy(content);
  bytes.copy(content, at, 0, written);
  if (tail === "nothing") return content.subarray(0, Math.max(file.length, at + written));
  const rest = content.subarray(at + written, at + bytes.length);
  if (tail === "zeros") rest.fill(0);
  else rest.fill("\u00a5not what was written");
  return content;
}

function expectWhole(numbers: number[], atLeast: number, atMost: number): void {
  const commits = numbers.length / 2;
  expect(commits).toBeGreaterThanOrEqual(atLeast);
  expect(commits).toBeLessThanOrEqual(atMost);
  expect(numbers).toEqual(Array.from({ length: commits }, (_, at) => [at + 1, at + 1]).flat());
}

test("the commits went to the redo log, and often enough it was full and started over", () => {
  const restarts = bursts.slice(1).filter(({ redo }) => redo.at === 0);
  expect(restarts.length).toBeGreaterThanOrEqual(2);
  const first = bursts[0]!.walLength;
  expect(bursts.filter(({ walLength }) => walLength === first).length).toBeGreaterThan(1);
});

test("a write that the power cut at any byte leaves every commit acknowledged before, and no half of one", () => {
  const burst = fc.integer({ min: 1, max: BURSTS });
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  const tail = fc.constantFrom<Tail>("nothing", "zeros", "noise");
  fc.assert(
    fc.property(burst, fc.boolean(), share, tail, (number, isInRedo, share_, tail_) => {
      const [before, after] = [bursts[number - 1]!, bursts[number]!];
      // What SQLite has committed is on disk before the redo log starts over.
      const part = { at: before.walLength, bytes: wal.subarray(before.walLength, after.walLength) };
      const logs = isInRedo
        ? {
            wal: wal.subarray(0, after.walLength),
            redo: torn(redoAfter(number - 1), after.redo, share_, tail_),
          }
        : {
            wal: torn(wal.subarray(0, before.walLength), part, share_, tail_),
            redo: redoAfter(number - 1),
          };
      expectWhole(reopened(logs), before.commits, after.commits);
    }),
    { numRuns: 60 },
  );
});

test("what was acknowledged after every burst is there", () => {
  for (const number of [0, 1, 7, 30, 60, 90, BURSTS]) {
    const { commits, walLength } = bursts[number]!;
    const logs = { redo: redoAfter(number), wal: wal.subarray(0, walLength) };
    expectWhole(reopened(logs), commits, commits);
  }
});

test("a redo log of another time or another file is not done again", () => {
  const { walLength } = bursts[0]!;
  const start = wal.subarray(0, walLength);
  const later = bursts.findLastIndex(({ redo }) => redo.at === 0);
  expect(reopened({ redo: redoAfter(later), wal: start })).toEqual([]);
});
