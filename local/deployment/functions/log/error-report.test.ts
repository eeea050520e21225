import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ErrorReport } from "./error-report.ts";
import type { ExecutionRecord } from "./execution-record.ts";
import { Log } from "./log.ts";

let told: string[];
let report: ErrorReport;

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 10, 30, 12) });
  told = [];
  report = new ErrorReport((line) => told.push(line));
});
afterEach(() => {
  vi.useRealTimers();
});

function ended(more: Partial<ExecutionRecord>): ExecutionRecord {
  return {
    kind: "Mutation",
    identifier: "notes:add",
    componentPath: "",
    requestId: "abc",
    caller: "client",
    logLines: [],
    error: null,
    isRefusal: false,
    startedAt: Date.now(),
    duration: 1,
    environment: "isolate",
    ...more,
  };
}

test("an error is told with its time, function and request, and one meant for the caller is not", () => {
  report.add(ended({}));
  report.add(ended({ error: "Uncaught ConvexError: no credits", isRefusal: true }));
  report.add(ended({ componentPath: "counter", error: "Uncaught Error: broken\n    at handler" }));
  expect(told).toEqual([
    "2026-11-30T12:00:00.000Z Mutation counter/notes:add [Request ID: abc] Uncaught Error: broken\n        at handler",
  ]);
});

test("what a function prints as an error or a warning is told, and nothing else that it prints", () => {
  const log = new Log();
  log.add("INFO", ["'all is well'"]);
  log.add("ERROR", ["'CREDIT DRIFT'", "{ held: 1 }"]);
  log.add("WARN", ["'the model is down'"]);
  report.add(ended({ logLines: log.lines }));
  expect(told).toHaveLength(2);
  expect(told[0]).toMatch(/\] 'CREDIT DRIFT' \{ held: 1 \}$/);
});

test("no text can look like a line of its own, move the cursor, or be endless", () => {
  report.add(ended({ error: `\u001b[2Jone\r\n2026-11-30T12:00:00.000Z two${"!".repeat(5000)}` }));
  expect(told[0]).toContain("[2Jone\n    2026-11-30T12:00:00.000Z two!!!");
  expect(told[0]).not.toContain("\r");
  expect(told[0]).not.toContain("\u001b");
  expect(told[0]?.length).toBeLessThan(2_200);
});

test("of very many in a minute some are told, and how many were not", () => {
  for (let n = 0; n < 130; n++) report.add(ended({ error: `Uncaught Error: ${n}` }));
  expect(told).toHaveLength(100);
  vi.advanceTimersByTime(60_000);
  report.add(ended({ error: "Uncaught Error: later" }));
  expect(told.slice(100)).toEqual([
    "30 more errors of functions were not told.",
    expect.stringContaining("Uncaught Error: later"),
  ]);
});
