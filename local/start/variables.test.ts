import { expect, test } from "vitest";
import { readOptions } from "./options.ts";
import { checkVariables, cloudUrl, isUsableHereOnly, pageUrl } from "./variables.ts";

const withArgs = (...args: string[]) => readOptions("start", args, {});

test("an address of every interface is reached at loopback, and one of IPv6 stands in brackets", () => {
  expect(pageUrl(withArgs("--host", "0.0.0.0"))).toBe("http://127.0.0.1:5173");
  expect(cloudUrl(withArgs("--host", "::"))).toBe("http://127.0.0.1:3210");
  expect(pageUrl(withArgs("--host", "::1"))).toBe("http://[::1]:5173");
});

test("a page that is served to other machines with an address of loopback is of no use to them", () => {
  expect(isUsableHereOnly(withArgs("--host", "0.0.0.0"))).toBe(true);
  const url = ["--public-url", "http://192.168.1.20:5173"];
  expect(isUsableHereOnly(withArgs("--host", "0.0.0.0", ...url))).toBe(false);
  expect(isUsableHereOnly(withArgs("--host", "192.168.1.20"))).toBe(false);
});

test.each(["0", "-1", "abc", "30s", "1.5", "1e12", " "])(
  "a start with a model's silence of %j ms is refused by name",
  (text) => {
    expect(() => checkVariables({ MODEL_STALL_TIMEOUT_MS: text })).toThrow(
      `MODEL_STALL_TIMEOUT_MS takes milliseconds from 1 to 600000, not "${text}".`,
    );
  },
);

test.each([undefined, "", "1", "30000", "600000"])("and one of %j is not", (text) => {
  expect(() => checkVariables({ MODEL_STALL_TIMEOUT_MS: text })).not.toThrow();
});
