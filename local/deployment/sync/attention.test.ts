import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Attention } from "./attention.ts";

const AT_ONCE_MS = 0.1;
const LATER_MS = 5;

let attention: Attention;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["performance", "setImmediate"] });
  attention = new Attention();
});

afterEach(() => vi.useRealTimers());

/** So many requests, each so long after the answer to the one before. */
function askAndAnswer(times: number, pauseMs: number): void {
  for (let time = 0; time < times; time++) {
    vi.advanceTimersByTime(pauseMs);
    attention.asked();
    attention.answered();
  }
}

const isAwake = () => vi.getTimerCount() > 0;

test("a client that asks again at once, time after time, is waited for awake", () => {
  askAndAnswer(3, AT_ONCE_MS);
  expect(isAwake()).toBe(false);
  askAndAnswer(1, AT_ONCE_MS);
  expect(isAwake()).toBe(true);
});

test("the waiting ends when nothing more comes", () => {
  askAndAnswer(4, AT_ONCE_MS);
  vi.advanceTimersByTime(1);
  expect(isAwake()).toBe(false);
});

test("a client that paused once has to show again that it does not", () => {
  askAndAnswer(8, AT_ONCE_MS);
  askAndAnswer(3, LATER_MS);
  expect(isAwake()).toBe(false);
  askAndAnswer(2, AT_ONCE_MS);
  expect(isAwake()).toBe(false);
  askAndAnswer(1, AT_ONCE_MS);
  expect(isAwake()).toBe(true);
});
