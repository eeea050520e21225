import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, test } from "vitest";

function start(...args: string[]) {
  const child = fork(join(import.meta.dirname, "main.ts"), args, { stdio: "pipe", execArgv: [] });
  const errors: string[] = [];
  child.stderr?.on("data", (data: Buffer) => errors.push(data.toString()));
  return { child, errors };
}

async function readyUrl({ stdout }: ChildProcess): Promise<string> {
  if (!stdout) throw new Error("no output");
  const [line] = (await once(createInterface({ input: stdout }), "line")) as [string];
  expect(line).toMatch(/^ready http:\/\/127\.0\.0\.1:\d+$/);
  return line.slice("ready ".length);
}

test.each(["SIGTERM", "SIGINT", "disconnect"] as const)(
  "it says where it is, and %s ends it within a second, a running answer or not",
  async (how) => {
    const { child } = start("--port", "0", "--first-token-ms", "0");
    const url = await readyUrl(child);
    const answer = await fetch(`${url}/openai/deployments/o4-mini/chat/completions?api-version=1`, {
      method: "POST",
      headers: { "api-key": "any" },
      body: JSON.stringify({ stream: true, messages: [{ role: "user", content: "Why?" }] }),
    });
    const read = answer.text().catch(() => "cut");
    const exited = once(child, "exit");
    const askedAt = performance.now();
    if (how === "disconnect") child.disconnect();
    else child.kill(how);
    expect(await exited).toEqual([0, null]);
    expect(performance.now() - askedAt).toBeLessThan(1000);
    await read;
  },
);

test("a taken port is an error that names the flag", async () => {
  const first = start("--port", "0");
  const { port } = new URL(await readyUrl(first.child));
  const second = start("--port", port);
  const [code] = await once(second.child, "exit");
  expect(code).toBe(1);
  expect(second.errors.join("")).toMatch(new RegExp(`Port ${port} .*--port`));
  const exited = once(first.child, "exit");
  first.child.kill("SIGTERM");
  await exited;
});
