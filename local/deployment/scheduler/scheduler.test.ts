import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ScriptedRunner, type Scripts } from "../fixture/scripted-runner.ts";
import { pushTables } from "../push/tables.ts";
import { readDurable, readRows } from "../system-rows.ts";
import { Database } from "../transaction/database.ts";
import { Crons } from "./crons.ts";
import { Scheduler } from "./scheduler.ts";
import { CRON_RUNS_TABLE, SCHEDULED_FUNCTIONS_TABLE } from "./tables.ts";

let folder: string;
let database: Database;
let failures: unknown[];
const stops: (() => Promise<void>)[] = [];

const openDatabase = () =>
  Database.open(join(folder, "data.sqlite"), {
    systemTables: [...pushTables, SCHEDULED_FUNCTIONS_TABLE, CRON_RUNS_TABLE],
  });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "parley-scheduler-"));
  failures = [];
  database = openDatabase();
});

afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
  database.close();
  rmSync(folder, { recursive: true });
  expect(failures).toEqual([]);
});

async function startScheduler(scripts: Scripts): Promise<Scheduler> {
  const runner = new ScriptedRunner(database, scripts).asRunner;
  const scheduler = new Scheduler(database, runner, (error) => failures.push(error));
  stops.push(() => scheduler.stop());
  await scheduler.start();
  return scheduler;
}

async function startCrons(scripts: Scripts): Promise<void> {
  const runner = new ScriptedRunner(database, scripts).asRunner;
  const crons = new Crons(database, runner, (error) => failures.push(error));
  stops.push(() => crons.stop());
  await crons.start();
}

function schedule(name: string, scheduledTime: number, kind = "pending"): Promise<string> {
  return database.write((tx) =>
    tx.insert("", "_scheduled_functions", {
      name,
      componentPath: "",
      args: [{ text: name }],
      scheduledTime,
      state: { kind },
    }),
  );
}

function stateOf(id: string): Record<string, unknown> {
  return readDurable(database, (tx) => tx.get("", id)!.value["state"]) as Record<string, unknown>;
}

const notes = () =>
  readDurable(database, (tx) => readRows(tx, "notes.by_creation_time", [])).map(
    ({ value }) => value["text"],
  );

const SCRIPTS: Scripts = {
  mutations: {
    "notes:add": ({ tx, args }) => {
      tx.insert("", "notes", { text: args["text"] });
      return null;
    },
    "notes:fail": () => {
      throw new Error("no such luck");
    },
  },
};

test("jobs run when they are due, in order, and are marked in the same commit", async () => {
  await startScheduler(SCRIPTS);
  const later = await schedule("notes:add", Date.now() + 40);
  const now = await schedule("notes:add", Date.now());
  await vi.waitFor(() => expect(stateOf(later)).toEqual({ kind: "success" }));
  const done = readDurable(database, (tx) => readRows(tx, "_scheduled_functions.by_completed", []));
  expect(done.map(({ id }) => id)).toEqual([now, later]);
  for (const { value } of done) {
    expect(value["completedTime"]).toBeGreaterThanOrEqual(value["scheduledTime"] as number);
  }
  expect(notes()).toHaveLength(2);
});

test("a mutation sees itself in progress; one that throws fails with its reason and writes nothing", async () => {
  const seen: unknown[] = [];
  await startScheduler({
    mutations: {
      ...SCRIPTS.mutations,
      "notes:look": ({ tx }) => {
        const rows = readRows(tx, "_scheduled_functions.by_creation_time", []);
        seen.push(rows.map(({ value }) => value["state"]));
        return null;
      },
    },
  });
  const look = await schedule("notes:look", 0);
  await vi.waitFor(() => expect(stateOf(look)).toEqual({ kind: "success" }));
  expect(seen).toEqual([[{ kind: "inProgress" }]]);
  const failing = await schedule("notes:fail", 0);
  await vi.waitFor(() => expect(stateOf(failing)["kind"]).toBe("failed"));
  expect(stateOf(failing)["error"]).toContain("no such luck");
  const missing = await schedule("notes:missing", 0);
  await vi.waitFor(() => expect(stateOf(missing)["kind"]).toBe("failed"));
  expect(notes()).toEqual([]);
});

test("a cancelled job does not run", async () => {
  const job = await schedule("notes:add", Date.now() + 60);
  await startScheduler(SCRIPTS);
  await database.write((tx) => void tx.patch("", job, { state: { kind: "canceled" } }));
  const after = await schedule("notes:add", Date.now() + 80);
  await vi.waitFor(() => expect(stateOf(after)).toEqual({ kind: "success" }));
  expect(stateOf(job)).toEqual({ kind: "canceled" });
  expect(notes()).toHaveLength(1);
});

test("at most eight jobs run at once, and all run in the end", async () => {
  let running = 0;
  let most = 0;
  const waiting: (() => void)[] = [];
  await startScheduler({
    actions: {
      "work:wait": async () => {
        most = Math.max(most, ++running);
        await new Promise<void>((resolve) => waiting.push(resolve));
        running--;
        return null;
      },
    },
  });
  const jobs = await Promise.all(Array.from({ length: 20 }, () => schedule("work:wait", 0)));
  await vi.waitFor(() => expect(running).toBe(8));
  await vi.waitFor(() => {
    for (const go of waiting.splice(0)) go();
    expect(jobs.map((job) => stateOf(job)["kind"])).toEqual(jobs.map(() => "success"));
  });
  expect(most).toBe(8);
});

test("after a restart pending jobs run, and an action that was cut off has failed", async () => {
  const pending = await schedule("notes:add", 0);
  const cutOff = await schedule("work:do", 0, "inProgress");
  database.close();
  database = openDatabase();
  await startScheduler(SCRIPTS);
  expect(stateOf(cutOff)["kind"]).toBe("failed");
  await vi.waitFor(() => expect(stateOf(pending)).toEqual({ kind: "success" }));
});

test("results are forgotten after a week", async () => {
  const scheduler = await startScheduler(SCRIPTS);
  const job = await schedule("notes:add", 0);
  await vi.waitFor(() => expect(stateOf(job)).toEqual({ kind: "success" }));
  await scheduler.removeOld(Date.now() + 6 * 24 * 60 * 60 * 1000);
  expect(stateOf(job)).toEqual({ kind: "success" });
  await scheduler.removeOld(Date.now() + 8 * 24 * 60 * 60 * 1000);
  expect(readDurable(database, (tx) => tx.get("", job))).toBeNull();
});

test("a cron job runs at its interval, never twice at once, and stops when a push removes it", async () => {
  let running = 0;
  let overlapped = false;
  let runs = 0;
  await startCrons({
    actions: {
      "work:tick": async ({ args }) => {
        overlapped ||= ++running > 1;
        await new Promise((resolve) => setTimeout(resolve, 25));
        running--;
        runs += args["by"] as number;
        return null;
      },
    },
  });
  const job = await database.write((tx) =>
    tx.insert("", "_cron_jobs", {
      name: "tick",
      function: "work:tick",
      args: [{ by: 1 }],
      schedule: { type: "interval", seconds: 0.01 },
    }),
  );
  await vi.waitFor(() => expect(runs).toBeGreaterThan(3), { timeout: 3000 });
  expect(overlapped).toBe(false);
  await database.write((tx) => void tx.delete("", job));
  const left = () => readDurable(database, (tx) => readRows(tx, "_cron_runs.by_name", []));
  await vi.waitFor(() => expect(left()).toEqual([]));
});

test("a job whose schedule cannot be kept is told of, and keeps no other from running", async () => {
  let runs = 0;
  const job = (name: string, schedule: Record<string, string | number>) =>
    database.write((tx) =>
      tx.insert("", "_cron_jobs", { name, function: "work:tick", args: [{}], schedule }),
    );
  await job("never", { type: "cron", cron: "61 * * * *" });
  // It was due under an earlier schedule.
  await database.write((tx) =>
    tx.insert("", CRON_RUNS_TABLE.name, { name: "never", schedule: "{}", nextTime: 0 }),
  );
  await job("tick", { type: "interval", seconds: 0.01 });
  const tick = () => {
    runs++;
    return null;
  };
  await startCrons({ mutations: { "work:tick": tick } });
  await vi.waitFor(() => expect(runs).toBeGreaterThan(1));
  expect(failures.splice(0).map(String)).toEqual([expect.stringContaining('"never" cannot run')]);
});
