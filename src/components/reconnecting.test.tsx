import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { ConvexProvider } from "convex/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FakeConvex } from "../lib/fake-convex";
import { Reconnecting } from "./reconnecting";

const ask = vi.fn<typeof fetch>();
let isOnLine: boolean;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("fetch", ask);
  ask.mockReset();
  isOnLine = true;
  vi.spyOn(navigator, "onLine", "get").mockImplementation(() => isOnLine);
  render(
    <ConvexProvider client={new FakeConvex().client}>
      <Reconnecting />
    </ConvexProvider>,
  );
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const said = () => screen.getByRole("status").textContent;

async function goes(to: "online" | "offline", waits = 2000) {
  isOnLine = to === "online";
  fireEvent(window, new Event(to));
  await act(() => vi.advanceTimersByTimeAsync(waits));
}

test("a browser without a network is told of soon, whatever the socket still believes", async () => {
  ask.mockRejectedValue(new TypeError("Failed to fetch"));
  await goes("offline", 0);
  await act(() => vi.advanceTimersByTimeAsync(1900));
  expect(said()).toBe("");
  await act(() => vi.advanceTimersByTimeAsync(200));
  expect(said()).toBe("Offline. Sending waits.");
  await goes("online");
  expect(said()).toBe("");
});

test("a product on the same machine needs no network", async () => {
  ask.mockResolvedValue(new Response());
  await goes("offline");
  expect(said()).toBe("");
});
