import { expect, test } from "vitest";
import { checkModules } from "./module-limits.ts";

const modules = (count: number, source: string, folder = "") =>
  Array.from({ length: count }, (_, at) => ({ path: `${folder}m${at}.js`, source }));

test("an app has at most 4,096 function files; shared chunks do not count", () => {
  expect(() => checkModules([...modules(4_096, ""), ...modules(10, "", "_deps/")])).not.toThrow();
  expect(() => checkModules(modules(4_097, ""))).toThrow(
    'Too many function files (4097 > maximum 4096) in "convex/".',
  );
});

test("an app's code has at most 32 MiB", () => {
  const half = "x".repeat(16 * 1024 * 1024);
  expect(() => checkModules(modules(2, half))).not.toThrow();
  expect(() => checkModules([...modules(2, half), { path: "more.js", source: "é" }])).toThrow(
    "Total module size exceeded the unzipped maximum (32.00 MiB > maximum size 32 MiB)",
  );
});
