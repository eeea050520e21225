import { QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { FakeConvex } from "../../lib/fake-convex";
import { queryClientOver } from "../../lib/query-client";
import { useCredits } from "./use-credits";

const DECEMBER = Date.parse("2026-12-01T00:00:00Z");
const JANUARY = Date.parse("2027-01-01T00:00:00Z");
const FEBRUARY = Date.parse("2027-02-01T00:00:00Z");

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

function Shown() {
  return <output>{JSON.stringify(useCredits())}</output>;
}
const shown = () => JSON.parse(screen.getByRole("status").textContent) as object;

async function openPage(now: number) {
  vi.useFakeTimers({ now, toFake: ["Date", "setTimeout", "clearTimeout"] });
  const server = new FakeConvex();
  const held = {
    creditsRemaining: 12,
    creditsTotal: 140,
    monthlyRemaining: 2,
    purchased: 10,
    nextResetAt: DECEMBER,
    unlimited: false,
  };
  server.answer("credits/usage:current", () => held);
  render(
    <QueryClientProvider client={queryClientOver(server.client)}>
      <Shown />
    </QueryClientProvider>,
  );
  await act(async () => await vi.advanceTimersByTimeAsync(0));
  return held;
}

test("in the instant in which a month begins, an open page shows what its first action will find", async () => {
  const held = await openPage(DECEMBER - 5_000);
  expect(shown()).toEqual(held);
  await act(async () => await vi.advanceTimersByTimeAsync(4_999));
  expect(shown()).toEqual(held);
  await act(async () => await vi.advanceTimersByTimeAsync(1));
  const renewed = { creditsRemaining: 110, creditsTotal: 110, monthlyRemaining: 100 };
  expect(shown()).toEqual({ ...held, ...renewed, nextResetAt: JANUARY });
  // Longer than the longest timer of a browser.
  await act(async () => await vi.advanceTimersByTimeAsync(JANUARY - DECEMBER));
  expect(shown()).toEqual({ ...held, ...renewed, nextResetAt: FEBRUARY });
});

test("a page that slept over the month's end is right when it is looked at again", async () => {
  await openPage(DECEMBER - 5_000);
  vi.setSystemTime(DECEMBER + 60_000);
  act(() => void document.dispatchEvent(new Event("visibilitychange")));
  expect(shown()).toMatchObject({ creditsRemaining: 110, nextResetAt: JANUARY });
});
