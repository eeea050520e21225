import { expect, test } from "vitest";
import { Log, printed } from "./log/log.ts";
import type { RegisteredFunction } from "./modules/registered-function.ts";
import { checkArguments, checkResult } from "./validation.ts";

const MIB = 1_024 ** 2;
const target = {
  path: { module: "notes.js", name: "list" },
  args: { type: "any" },
  returns: null,
} as unknown as RegisteredFunction;
const context = { tableName: () => null };

const passArguments = (argument: unknown) => () =>
  checkArguments(target, JSON.stringify([argument]), context);
const passResult = (result: unknown) => () => checkResult(target, JSON.stringify(result), context);

test("a function takes at most 16 MiB of arguments", () => {
  expect(passArguments({ text: "x".repeat(16 * MIB - 100) })).not.toThrow();
  expect(passArguments({ text: "x".repeat(17 * MIB) })).toThrow(
    "Arguments for notes.js:list are too large (actual: 17.00 MiB, limit: 16 MiB)",
  );
  // Numbers take nine bytes each, however short they are written.
  const lists = Array.from({ length: 250 }, () => Array.from({ length: 8_000 }, () => 1));
  expect(passArguments({ lists })).toThrow("are too large");
});

test("a function gives at most 16 MiB", () => {
  expect(passResult("x".repeat(16 * MIB - 100))).not.toThrow();
  expect(passResult("x".repeat(18 * MIB))).toThrow(
    "Function notes.js:list return value is too large (actual: 18.00 MiB, limit: 16 MiB)",
  );
});

test("what goes in and comes out is bounded in shape", () => {
  const long = Array.from({ length: 8_193 }, () => 1);
  expect(passArguments({ long })).toThrow(
    "Invalid arguments for notes.js:list: Array length is too long (8193 > maximum length 8192)",
  );
  expect(passResult(long)).toThrow(
    "Function notes.js:list return value invalid: Array length is too long (8193 > maximum length 8192)",
  );
});

test.each([0, 2 * MIB])(
  "what is no value of Convex's does not go in, beside %i characters",
  (much) => {
    expect(passArguments({ count: { $integer: "x" }, text: "x".repeat(much) })).toThrow(
      /^Invalid arguments for notes\.js:list: /,
    );
  },
);

test("half a surrogate pair comes out of no function", () => {
  expect(passResult({ text: "🙂" })).not.toThrow();
  expect(passResult({ text: "\ud83d" })).toThrow(
    "Function notes.js:list failed. Could not parse return value as json: lone surrogate in a string",
  );
});

test("an execution prints at most 256 lines, the last of which tells of those left out", () => {
  const log = new Log();
  for (let line = 0; line < 300; line++) log.add("LOG", printed([line]));
  expect(log.lines).toHaveLength(256);
  expect(log.lines[254]!.messages).toEqual(["254"]);
  expect(log.lines[255]).toMatchObject({
    level: "ERROR",
    messages: ["Log overflow (maximum 256). Remaining log lines omitted."],
  });
});

test("a line is cut at 32 KiB, at a whole character", () => {
  const log = new Log();
  log.add("LOG", printed(["é".repeat(10_000), "é".repeat(10_000), "never"]));
  const [line] = log.lines;
  expect(line).toMatchObject({ isTruncated: true });
  expect(line!.messages).toHaveLength(2);
  const bytes = Buffer.byteLength(line!.messages.join(" "));
  expect(bytes).toBeLessThanOrEqual(32_768);
  expect(bytes).toBeGreaterThan(32_760);
  expect(line!.messages[1]).toMatch(/^'é+$/);
});
