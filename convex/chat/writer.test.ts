import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ANSWER_MAX_CHARACTERS } from "./limits";
import { type Chunk, StreamWriter } from "./writer";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

interface Behaviour {
  delayMs?: number;
  beside?: number;
  wanted?: () => boolean;
  fails?: () => boolean;
}

/** A stream that keeps what it is sent and takes `delayMs` for each append. */
function recorder({
  delayMs = 0,
  beside = 0,
  wanted = () => true,
  fails = () => false,
}: Behaviour = {}) {
  const chunks: (Chunk | null)[] = [];
  let inFlight = 0;
  let mostInFlight = 0;
  const append = async (chunk: Chunk | null, asksBeside: boolean) => {
    mostInFlight = Math.max(mostInFlight, ++inFlight);
    chunks.push(chunk);
    if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
    inFlight -= 1;
    if (fails()) throw new Error("append failed");
    return wanted() ? { beside: asksBeside ? beside : null } : null;
  };
  return {
    append,
    chunks,
    texts: () => chunks.map((chunk) => chunk?.text ?? null),
    mostInFlight: () => mostInFlight,
  };
}

test("the first token is sent at once, and the next after 50 ms", async () => {
  const stream = recorder();
  const writer = new StreamWriter(stream.append, () => undefined);
  writer.write("one");
  expect(stream.texts()).toEqual(["one"]);
  await vi.advanceTimersByTimeAsync(10);
  writer.write(" two");
  writer.write(" three");
  await vi.advanceTimersByTimeAsync(39);
  expect(stream.texts()).toEqual(["one"]);
  await vi.advanceTimersByTimeAsync(1);
  expect(stream.texts()).toEqual(["one", " two three"]);
  await writer.close();
});

test("tokens that wait for the same append set one timer", async () => {
  const stream = recorder();
  const writer = new StreamWriter(stream.append, () => undefined);
  writer.write("one");
  await vi.advanceTimersByTimeAsync(1);
  const setTimer = vi.spyOn(globalThis, "setTimeout");
  for (const token of " two three four".split(" ")) writer.write(token);
  expect(setTimer).toHaveBeenCalledTimes(1);
  setTimer.mockRestore();
  await writer.close();
});

test("ten waiting tokens are sent without waiting for the 50 ms", async () => {
  const stream = recorder();
  const writer = new StreamWriter(stream.append, () => undefined);
  writer.write("-");
  await vi.advanceTimersByTimeAsync(1);
  for (const token of "0123456789") writer.write(token);
  expect(stream.texts()).toEqual(["-", "0123456789"]);
  await writer.close();
});

test.each([
  { delayMs: 100, beside: 0, restMs: 300 },
  { delayMs: 900, beside: 0, restMs: 500 },
  { delayMs: 100, beside: 7, restMs: 300 },
  { delayMs: 100, beside: 19, restMs: 760 },
])(
  "after an append that took $delayMs ms, with $beside answers beside it, the next waits $restMs ms, however much there is",
  async ({ delayMs, beside, restMs }) => {
    const stream = recorder({ delayMs, beside });
    const writer = new StreamWriter(stream.append, () => undefined);
    for (const token of "abcdefghijklmnopqrstuvwxyz") writer.write(token);
    await vi.advanceTimersByTimeAsync(delayMs + restMs - 1);
    expect(stream.texts()).toEqual(["a"]);
    await vi.advanceTimersByTimeAsync(1);
    expect(stream.texts()).toHaveLength(2);
    const closed = writer.close();
    await vi.runAllTimersAsync();
    await closed;
  },
);

test("one append is in flight at a time, and what comes meanwhile joins the next", async () => {
  const stream = recorder({ delayMs: 200 });
  const writer = new StreamWriter(stream.append, () => undefined);
  for (const token of "abcdefghijklmnopqrstuvwxyz") writer.write(token);
  await vi.advanceTimersByTimeAsync(1000);
  expect(stream.texts().slice(0, 2)).toEqual(["a", "bcdefghijklmnopqrstuvwxyz"]);
  expect(stream.mostInFlight()).toBe(1);
  const closed = writer.close();
  await vi.runAllTimersAsync();
  await closed;
});

test("a silent model is no reason not to learn within a second that nobody wants the answer", async () => {
  let wanted = true;
  const stream = recorder({ wanted: () => wanted });
  const unwanted = vi.fn();
  const writer = new StreamWriter(stream.append, unwanted);
  // At no fixed phase of any clock.
  await vi.advanceTimersByTimeAsync(370);
  writer.write("one");
  await vi.advanceTimersByTimeAsync(0);
  wanted = false;
  await vi.advanceTimersByTimeAsync(1000);
  expect(stream.texts()).toEqual(["one", null]);
  expect(unwanted).toHaveBeenCalledOnce();
  await writer.close();
});

test("nor is a model that says nothing at all", async () => {
  const stream = recorder({ wanted: () => false });
  const unwanted = vi.fn();
  const writer = new StreamWriter(stream.append, unwanted);
  await vi.advanceTimersByTimeAsync(1000);
  expect(stream.texts()).toEqual([null]);
  expect(unwanted).toHaveBeenCalledOnce();
  await writer.close();
});

test("a clock that is set back delays an append, and no more", async () => {
  const stream = recorder();
  const writer = new StreamWriter(stream.append, () => undefined);
  writer.write("one");
  await vi.advanceTimersByTimeAsync(1);
  writer.write(" two");
  vi.setSystemTime(Date.now() - 20);
  await vi.advanceTimersByTimeAsync(70);
  expect(stream.texts()).toEqual(["one", " two"]);
  await writer.close();
});

test("an append that is due when a beat would have been is sent", async () => {
  const stream = recorder({ delayMs: 10 });
  const writer = new StreamWriter(stream.append, () => undefined);
  // A beat is planned at 800, and with this the next append may start from 800 on.
  await vi.advanceTimersByTimeAsync(750);
  writer.write("one");
  await vi.advanceTimersByTimeAsync(5);
  writer.write(" two");
  await vi.advanceTimersByTimeAsync(45);
  expect(stream.texts()).toEqual(["one", " two"]);
  const closed = writer.close();
  await vi.advanceTimersByTimeAsync(10);
  await closed;
});

test("a writer that is closed sends nothing more, and has nothing under way", async () => {
  const stream = recorder({ delayMs: 100 });
  const writer = new StreamWriter(stream.append, () => undefined);
  writer.write("one");
  const closed = vi.fn();
  void writer.close().then(closed);
  await vi.advanceTimersByTimeAsync(99);
  expect(closed).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(closed).toHaveBeenCalled();
  writer.write(" two");
  await vi.advanceTimersByTimeAsync(2000);
  expect(stream.texts()).toEqual(["one"]);

  const waiting = recorder();
  const another = new StreamWriter(waiting.append, () => undefined);
  another.write("one");
  await vi.advanceTimersByTimeAsync(1);
  another.write(" two");
  await another.close();
  expect(vi.getTimerCount()).toBe(0);
});

test("an append that fails is sent again as it was, under its number", async () => {
  let failures = 2;
  const stream = recorder({ fails: () => failures-- > 0 });
  const writer = new StreamWriter(stream.append, () => undefined);
  vi.spyOn(console, "warn").mockReturnValue();
  writer.write("one");
  await vi.advanceTimersByTimeAsync(20);
  writer.write(" two");
  await vi.advanceTimersByTimeAsync(200);
  expect(stream.chunks).toEqual([
    { sequence: 0, text: "one" },
    { sequence: 0, text: "one" },
    { sequence: 0, text: "one" },
    { sequence: 1, text: " two" },
  ]);
  await writer.close();
});

test("a stream that cannot be written to is given up", async () => {
  const stream = recorder({ fails: () => true });
  const gaveUp = vi.fn();
  const writer = new StreamWriter(stream.append, gaveUp);
  vi.spyOn(console, "warn").mockReturnValue();
  writer.write("one");
  await vi.advanceTimersByTimeAsync(199);
  expect(stream.texts()).toHaveLength(4);
  expect(gaveUp).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1000);
  expect(stream.texts()).toHaveLength(5);
  expect(gaveUp).toHaveBeenCalledOnce();
  await writer.close();
});

test("a stream that is written to again and again in between is not given up", async () => {
  let appends = 0;
  const stream = recorder({ fails: () => ++appends % 5 !== 0 });
  const gaveUp = vi.fn();
  const writer = new StreamWriter(stream.append, gaveUp);
  vi.spyOn(console, "warn").mockReturnValue();
  writer.write("one");
  await vi.advanceTimersByTimeAsync(300);
  writer.write(" two");
  await vi.advanceTimersByTimeAsync(300);
  expect(stream.texts()).toHaveLength(10);
  expect(gaveUp).not.toHaveBeenCalled();
  await writer.close();
});

test("whatever the pace and the cut of the tokens, the appends are the text in order, in whole characters", async () => {
  const step = fc.record({ token: fc.string({ unit: "binary" }), pauseMs: fc.nat(120) });
  const run = async (steps: { token: string; pauseMs: number }[], delayMs: number) => {
    const stream = recorder({ delayMs });
    const writer = new StreamWriter(stream.append, () => undefined);
    for (const { token, pauseMs } of steps) {
      for (const character of token) writer.write(character);
      await vi.advanceTimersByTimeAsync(pauseMs);
    }
    await vi.advanceTimersByTimeAsync(2000);
    const texts = stream.chunks.filter((chunk) => chunk !== null).map(({ text }) => text);
    expect(texts.join("")).toBe(steps.map(({ token }) => token).join(""));
    expect(texts).not.toContain("");
    const closed = writer.close();
    await vi.advanceTimersByTimeAsync(delayMs);
    await closed;
  };
  await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 20 }), fc.nat(90), run), {
    numRuns: 60,
  });
});

test("a text is cut to what an answer may hold, between characters", async () => {
  const stream = recorder();
  const writer = new StreamWriter(stream.append, () => undefined);
  expect(writer.write("x".repeat(ANSWER_MAX_CHARACTERS - 1))).toBe(true);
  expect(writer.write("\u{1f355}")).toBe(false);
  expect(writer.write("y")).toBe(true);
  expect(writer.write("z")).toBe(false);
  expect(writer.text).toBe(`${"x".repeat(ANSWER_MAX_CHARACTERS - 1)}y`);
  await writer.close();
});

test("how many answers are written beside it is asked once a second", async () => {
  const asked: boolean[] = [];
  const append = (_chunk: Chunk | null, asksBeside: boolean) => {
    asked.push(asksBeside);
    return Promise.resolve({ beside: asksBeside ? 19 : null });
  };
  const writer = new StreamWriter(append, () => undefined);
  for (let at = 0; at < 3000; at += 10) {
    writer.write("a");
    await vi.advanceTimersByTimeAsync(10);
  }
  // Every 760 ms.
  expect(asked).toEqual([true, false, true, false]);
  await writer.close();
});
