import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { persistent } from "./token-renewal";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const WANTED = { forceRefreshToken: true };

test("a token is asked for until there is a line", async () => {
  const noLine = new TypeError("Failed to fetch");
  const fetchToken = vi.fn<() => Promise<string>>().mockResolvedValue("token");
  for (let i = 0; i < 20; i++) fetchToken.mockRejectedValueOnce(noLine);
  const token = persistent(fetchToken)(WANTED);
  await vi.advanceTimersByTimeAsync(20 * 3000);
  expect(await token).toBe("token");
  expect(fetchToken).toHaveBeenCalledTimes(21);
});

test("a server that fails once is asked again, and one that goes on failing ends the session", async () => {
  const failure = new Error("[Request ID: 1] Server Error");
  const once = vi.fn<() => Promise<string>>().mockResolvedValue("token");
  const token = persistent(once.mockRejectedValueOnce(failure))(WANTED);
  const none = persistent(vi.fn<() => Promise<string>>().mockRejectedValue(failure))(WANTED);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await token).toBe("token");
  expect(await none).toBeNull();
});
