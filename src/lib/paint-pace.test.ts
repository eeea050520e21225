import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { stubPainting } from "./fake-paint";
import { PaintPace, readingRest } from "./paint-pace";

beforeEach(() => {
  vi.useFakeTimers();
  stubPainting();
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** A page on which each picture takes so long, in milliseconds. */
function pageOf(takes: number) {
  const drawnAt: number[] = [];
  const pace = new PaintPace(() => {
    drawnAt.push(performance.now());
    vi.advanceTimersByTime(takes);
  });
  return { pace, drawnAt };
}

test("what comes during a rest is drawn once, after it", async () => {
  const { pace, drawnAt } = pageOf(20);
  const start = performance.now();
  pace.request();
  await vi.advanceTimersByTimeAsync(1);
  for (let time = 0; time < 5; time += 1) pace.request();
  await vi.advanceTimersByTimeAsync(1000);
  expect(drawnAt).toEqual([start, start + 20 + readingRest(20)]);
});

test("after its end nothing is drawn", async () => {
  const { pace, drawnAt } = pageOf(20);
  pace.request();
  pace.request();
  pace.end();
  pace.request();
  await vi.advanceTimersByTimeAsync(1000);
  expect(drawnAt).toHaveLength(1);
});

test("a page that lies behind another, and is seldom given a frame, goes on without waiting for it", async () => {
  const frame = vi.fn();
  vi.stubGlobal("requestAnimationFrame", frame);
  const { pace, drawnAt } = pageOf(0);
  const start = performance.now();
  pace.request();
  await vi.advanceTimersByTimeAsync(1);
  pace.request();
  await vi.advanceTimersByTimeAsync(1000);
  expect(frame).toHaveBeenCalledTimes(2);
  expect(drawnAt).toEqual([start, start + 100 + readingRest(100)]);
});

test("a page rests longer than it draws while that is a moment, and never for long", () => {
  expect(readingRest(10)).toBe(15);
  expect(readingRest(1000)).toBe(50);
});
