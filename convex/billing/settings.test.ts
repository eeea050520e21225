import { afterEach, expect, test, vi } from "vitest";
import { autumnSettings, isTrusted, maySell } from "./settings";

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

const PAGE = "https://parley.example.com";
const OWN_MACHINE = "http://127.0.0.1:5173";

test.each([
  ["https://api.useautumn.com", PAGE, true],
  ["https://api.useautumn.com", OWN_MACHINE, true],
  ["http://127.0.0.1:3230", OWN_MACHINE, true],
  ["http://localhost:3230", "http://localhost:5173", true],
  // A sandbox gives credits away.
  ["http://127.0.0.1:3230", PAGE, false],
  ["http://api.useautumn.com", PAGE, false],
  ["https://api.useautumn.com.evil.example", PAGE, false],
  ["https://evil.example", OWN_MACHINE, false],
  ["nothing", OWN_MACHINE, false],
  ["http://127.0.0.1:3230", "", false],
])("an API at %s beside a page at %s is trusted: %s", (address, page, trusted) => {
  expect(isTrusted(address, page)).toBe(trusted);
});

test("without a key, or with an address that is not trusted, nothing is sold", () => {
  vi.stubEnv("SITE_URL", PAGE);
  vi.stubEnv("AUTUMN_SECRET_KEY", "");
  expect(maySell()).toBe(false);
  expect(autumnSettings).toThrow(
    expect.objectContaining({ data: expect.objectContaining({ code: "BILLING_UNAVAILABLE" }) }),
  );
  vi.stubEnv("AUTUMN_SECRET_KEY", "am_sk_test_1");
  expect(autumnSettings()).toEqual({ secretKey: "am_sk_test_1", serverURL: undefined });
  vi.stubEnv("AUTUMN_API_URL", "https://evil.example");
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  expect(maySell()).toBe(false);
});
