import { afterEach, expect, test, vi } from "vitest";
import { followPatiently } from "./patience";

const LONG_MS = 60_000;

afterEach(() => {
  vi.useRealTimers();
});

/** A source that says one thing and then nothing, and listens to nobody. */
async function* oneThenSilence() {
  yield "one";
  await new Promise(() => undefined);
}

test("an abort ends the following of a source that does not listen", async () => {
  const stop = new AbortController();
  const heard: string[] = [];
  const chunks = followPatiently(
    async () => oneThenSilence(),
    stop.signal,
    () => LONG_MS,
  );
  for await (const chunk of chunks) {
    heard.push(chunk);
    queueMicrotask(() => stop.abort());
  }
  expect(heard).toEqual(["one"]);
});

test("a source that never opens has stalled", async () => {
  const chunks = followPatiently(
    () => new Promise<AsyncIterable<string>>(() => undefined),
    new AbortController().signal,
    () => 1,
  );
  await expect(chunks.next()).rejects.toMatchObject({ code: "STALLED" });
});

test("leaving in the middle ends the call", async () => {
  let callSignal: AbortSignal | undefined;
  const chunks = followPatiently(
    async (signal) => {
      callSignal = signal;
      return oneThenSilence();
    },
    new AbortController().signal,
    () => LONG_MS,
  );
  for await (const chunk of chunks) if (chunk === "one") break;
  expect(callSignal?.aborted).toBe(true);
});

test("a source that falls silent has stalled, also when patience has become shorter", async () => {
  vi.useFakeTimers();
  let patienceMs = LONG_MS;
  const chunks = followPatiently(
    async () => oneThenSilence(),
    new AbortController().signal,
    () => patienceMs,
  );
  expect(await chunks.next()).toEqual({ done: false, value: "one" });
  patienceMs = 5000;
  const outcome = chunks.next().catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(4900);
  expect(await Promise.race([outcome, Promise.resolve("still waiting")])).toBe("still waiting");
  await vi.advanceTimersByTimeAsync(1100);
  expect(await outcome).toMatchObject({ code: "STALLED" });
  expect(vi.getTimerCount()).toBe(0);
});
