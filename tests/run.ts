import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join, relative } from "node:path";
import { findBrowser } from "./browser.ts";

// The commands `npm run check` and `npm test`: each step is one tool, shown as it runs; the last
// line counts what passed and failed in all of them.

interface Count {
  passed: number;
  failed: number;
  skipped: number;
}

interface Tool {
  readonly name: string;
  readonly args: readonly string[];
}

/** The unit tests that failed, said again before the last line: much is printed between. */
const failures: string[] = [];

const root = join(import.meta.dirname, "..");
const reports = mkdtempSync(join(tmpdir(), "parley-test-"));
const bin = (name: string, path: string): string => join(root, "node_modules", name, path);

const CHECKS: readonly Tool[] = [
  ...["tsconfig.json", "convex/tsconfig.json", "local/tsconfig.json", "tests/tsconfig.json"].map(
    (project) => ({
      name: `types (${project})`,
      args: [bin("typescript", "bin/tsc"), "-p", project],
    }),
  ),
  { name: "lint", args: [bin("oxlint", "bin/oxlint"), "--type-aware", "--deny-warnings"] },
  {
    name: "format",
    args: [bin("prettier", "bin/prettier.cjs"), "--check", "--log-level=warn", "."],
  },
  { name: "dead code", args: [bin("knip", "bin/knip.js"), "--no-progress"] },
];

/** As many at a time as there are processors. */
async function check(): Promise<Count> {
  const count = { passed: 0, failed: 0, skipped: 0 };
  const waiting = [...CHECKS];
  const work = async () => {
    for (let tool = waiting.shift(); tool !== undefined; tool = waiting.shift()) {
      const startedAt = performance.now();
      const { code, output } = await run(tool.args, "quiet");
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
      console.log(`${code === 0 ? "✓" : "✗"} ${tool.name} (${seconds} s)`);
      if (code !== 0) console.log(output);
      if (code === 0) count.passed += 1;
      else count.failed += 1;
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return count;
}

async function unitTests(): Promise<Count> {
  const file = join(reports, "vitest.json");
  const { code } = await run(
    [
      bin("vitest", "vitest.mjs"),
      "run",
      // Much of a test with processes is waiting.
      `--maxWorkers=${availableParallelism() * 2}`,
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${file}`,
    ],
    "loud",
  );
  const report = readReport<{
    numPassedTests: number;
    numFailedTests: number;
    numPendingTests: number;
    numTodoTests: number;
    testResults: {
      name: string;
      message: string;
      assertionResults: { status: string; fullName: string; failureMessages: string[] }[];
    }[];
  }>(file);
  for (const { name, message, assertionResults } of report?.testResults ?? []) {
    const path = relative(root, name);
    if (message) failures.push(`${path}: ${firstLine(message)}`);
    for (const { status, fullName, failureMessages } of assertionResults) {
      if (status !== "failed") continue;
      failures.push(`${path} › ${fullName}: ${firstLine(failureMessages[0])}`);
    }
  }
  return settled(code, {
    passed: report?.numPassedTests ?? 0,
    failed: report?.numFailedTests ?? 0,
    skipped: (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0),
  });
}

async function endToEndTests(): Promise<Count> {
  const browser = await findBrowser();
  console.log(`Browser: ${browser}`);
  const file = join(reports, "playwright.json");
  const { code } = await run(
    [bin("@playwright/test", "cli.js"), "test", "--reporter=list,json"],
    "loud",
    { PARLEY_CHROMIUM: browser, PLAYWRIGHT_JSON_OUTPUT_FILE: file },
  );
  const report = readReport<{
    stats: { expected: number; unexpected: number; flaky: number; skipped: number };
  }>(file);
  return settled(code, {
    passed: report?.stats.expected ?? 0,
    failed: (report?.stats.unexpected ?? 0) + (report?.stats.flaky ?? 0),
    skipped: report?.stats.skipped ?? 0,
  });
}

/** A tool that failed without a failed test (a file that does not load, say) counts as one failure. */
function settled(code: number, count: Count): Count {
  return code !== 0 && count.failed === 0 ? { ...count, failed: 1 } : count;
}

function firstLine(text = ""): string {
  return text.split("\n", 1)[0] ?? "";
}

function readReport<T>(file: string): T | null {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as T;
  } catch {
    return null;
  }
}

interface Finished {
  readonly code: number;
  readonly output: string;
}

function run(
  args: readonly string[],
  show: "loud" | "quiet",
  env: Record<string, string> = {},
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ["ignore", show === "loud" ? "inherit" : "pipe", show === "loud" ? "inherit" : "pipe"],
    });
    const output: string[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => output.push(text));
    }
    child.once("error", reject);
    child.once("close", (code) => resolve({ code: code ?? 1, output: output.join("").trim() }));
  });
}

const counts = [await check()];
if (process.argv[2] === "test") {
  counts.push(await unitTests(), await endToEndTests());
}
rmSync(reports, { recursive: true, force: true });

for (const failure of failures) console.log(`✗ ${failure}`);
const sum = (key: keyof Count): number => counts.reduce((total, count) => total + count[key], 0);
const skipped = sum("skipped") > 0 ? `, ${sum("skipped")} skipped` : "";
console.log(`${sum("passed")} passed, ${sum("failed")} failed${skipped}`);
process.exitCode = sum("failed") > 0 ? 1 : 0;
