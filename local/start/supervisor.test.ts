import { afterEach, expect, test, vi } from "vitest";
import { Supervisor, type Service } from "./supervisor.ts";

const said: string[] = [];
let supervisor = new Supervisor((line) => said.push(line));

afterEach(async () => {
  await supervisor.stop();
  said.length = 0;
  supervisor = new Supervisor((line) => said.push(line));
});

function script(code: string, name = "clock"): Service {
  return { name, args: ["-e", code], readyLine: /^ready/, shows: "all" };
}

/** Tells its process id, then waits for its end. */
const SERVES = `console.log("ready"); console.log("pid " + process.pid); setInterval(() => {}, 1000)`;

async function processIds(count: number): Promise<number[]> {
  return vi.waitFor(
    () => {
      const ids = said.flatMap((line) => /pid (\d+)$/.exec(line)?.[1] ?? []).map(Number);
      expect(ids.length).toBeGreaterThanOrEqual(count);
      return ids;
    },
    { timeout: 10_000 },
  );
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test("a start is over when the process prints its ready line", async () => {
  await supervisor.start(script(SERVES));
  const [pid] = await processIds(1);
  expect(isAlive(pid!)).toBe(true);
});

test("a process that ends before it is ready fails the start with its own words", async () => {
  const service = script(`console.error("the disk is full"); process.exit(1)`);
  await expect(supervisor.start(service)).rejects.toThrow("the disk is full");
});

test("of a process that shows its errors, only those are shown, and not the start's", async () => {
  const code = `console.error("warming up"); setTimeout(() => { ${SERVES}; console.error("pid " + process.pid); }, 100)`;
  await supervisor.start({ ...script(code), shows: "errors" });
  await processIds(1);
  expect(said).toEqual([expect.stringMatching(/^\[clock\] pid \d+$/)]);
});

test("a killed process is started again, and that is said", async () => {
  await supervisor.start(script(SERVES));
  const [first] = await processIds(1);
  process.kill(first!, "SIGKILL");
  const [, second] = await processIds(2);
  expect(isAlive(second!)).toBe(true);
  await vi.waitFor(() => expect(said).toContain("clock runs again"));
  expect(said.join("\n")).toContain("clock ended (SIGKILL); starting it again in 250 ms");
});

test("stopping ends every process, also one that ignores SIGTERM, within three seconds", async () => {
  await supervisor.start(script(SERVES, "gentle"));
  await supervisor.start(script(`process.on("SIGTERM", () => {}); ${SERVES}`, "stubborn"));
  const ids = await processIds(2);
  const startedAt = performance.now();
  await supervisor.stop();
  expect(performance.now() - startedAt).toBeLessThan(3000);
  expect(ids.map(isAlive)).toEqual([false, false]);
});
