import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { SessionRequests } from "../sync/session-requests.ts";
import { readDurable, readRows } from "../system-rows.ts";
import { Database } from "../transaction/database.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const FORMER = {
  name: "_session_requests",
  number: 8,
  indexes: [{ name: "by_request", fields: ["sessionId", "requestId"] }],
} as const;
const NOTES = { name: "_notes", number: 9_000, indexes: [] } as const;

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "parley-answers-"));
  file = join(folder, "data.sqlite");
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

test("an answer comes and goes with the commit that it belongs to", async () => {
  let database = Database.open(file, { systemTables: [NOTES] });
  const requests = new SessionRequests(database);
  const request = { sessionId: "one", requestId: 7 };
  const answer = { ok: true, value: '"done"', logLines: ["[LOG] 'so'"] } as const;
  const failed = database.write((tx) => {
    requests.record(tx, request, { ...answer, logLines: [...answer.logLines] });
    throw new Error("It failed.");
  });
  await expect(failed).rejects.toThrow("It failed.");
  expect(await requests.find(request)).toBeNull();
  await database.write((tx) =>
    requests.record(tx, request, { ...answer, logLines: [...answer.logLines] }),
  );
  database.close();
  database = Database.open(file, { systemTables: [NOTES] });
  expect(await new SessionRequests(database).find(request)).toEqual(answer);
  expect(await new SessionRequests(database).find({ ...request, requestId: 8 })).toBeNull();
  database.close();
});

test("only answers that no client asks for any more are removed, however many there are", async () => {
  let now = Date.parse("2026-01-01");
  const database = Database.open(file, { systemTables: [], now: () => now });
  const requests = new SessionRequests(database);
  const fill = async (from: number, to: number) => {
    await database.write((tx) => {
      for (let requestId = from; requestId < to; requestId++) {
        const sessionId = `session ${requestId % 3}`;
        requests.record(tx, { sessionId, requestId }, { ok: true, value: "null", logLines: [] });
      }
    });
  };
  await fill(0, 12_000);
  now += 10 * DAY_MS;
  await fill(12_000, 12_010);
  now += 5 * DAY_MS;
  await requests.removeOld(now);
  const found = async (requestId: number) =>
    requests.find({ sessionId: `session ${requestId % 3}`, requestId });
  const ids = [0, 1, 2, 5_000, 8_000, 11_999];
  expect(await Promise.all(ids.map(found))).toEqual(ids.map(() => null));
  expect(await found(12_009)).not.toBeNull();
  database.close();
});

test("a data file of the former format keeps its answers and loses their documents", async () => {
  const former = Database.open(file, { systemTables: [FORMER, NOTES] });
  await former.write((tx) => {
    tx.insert("", "_notes", { text: "stays" });
    const answer = { result: '{"a":1.5}', logLines: ["[LOG] 1"] };
    tx.insert("", "_session_requests", { sessionId: "one", requestId: 3, ...answer });
  });
  former.close();
  const sqlite = new DatabaseSync(file);
  sqlite.exec("DROP TABLE answers; PRAGMA user_version = 2");
  sqlite.close();

  const database = Database.open(file, { systemTables: [NOTES] });
  expect(await new SessionRequests(database).find({ sessionId: "one", requestId: 3 })).toEqual({
    ok: true,
    value: '{"a":1.5}',
    logLines: ["[LOG] 1"],
  });
  expect(database.catalog.table("", "_session_requests")).toBeUndefined();
  const notes = readDurable(database, (tx) => readRows(tx, "_notes.by_creation_time", []));
  expect(notes.map(({ value }) => value["text"])).toEqual(["stays"]);
  database.close();
  const left = new DatabaseSync(file);
  expect(left.prepare("SELECT count(*) AS count FROM documents").get()).toEqual({ count: 1 });
  expect(left.prepare("SELECT count(*) AS count FROM entries").get()).toEqual({ count: 2 });
  left.close();
});
