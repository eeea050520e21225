import { expect, test } from "vitest";
import type { Syscalls } from "../syscalls/syscalls.ts";
import { Progress } from "./progress.ts";

/** Whether that many looks in a row find it stalled. */
function looks(progress: Progress, count: number): boolean[] {
  return Array.from({ length: count }, () => progress.hasStalled());
}

function asking(progress: Progress, answer: Promise<string>): Syscalls {
  return progress.observe({ sync: () => "", async: () => answer, javascript: () => answer });
}

test("what neither asks nor waits for anything has stalled after some looks", () => {
  const progress = new Progress({ countsCalled: true });
  expect(looks(progress, 3)).not.toContain(true);
  asking(progress, Promise.resolve("")).sync("1.0/get", "");
  expect(looks(progress, 4)).not.toContain(true);
  expect(looks(progress, 4)).toContain(true);
});

test("what waits for the deployment goes on, however long that takes", async () => {
  const progress = new Progress({ countsCalled: false });
  const module = Promise.withResolvers<string>();
  const loaded = progress.during(module.promise);
  expect(looks(progress, 50)).not.toContain(true);
  module.resolve("loaded");
  expect(await loaded).toBe("loaded");
  expect(looks(progress, 8)).toContain(true);

  const answer = Promise.withResolvers<string>();
  const { async: ask } = asking(progress, answer.promise);
  void ask("1.0/queryStreamNext", "");
  expect(looks(progress, 50)).not.toContain(true);
});

test("what waits for a function that it calls goes on by that one's doings, where they are counted", () => {
  const called = new Promise<string>(() => {});
  const beside = new Progress({ countsCalled: true });
  void asking(beside, called).async("1.0/runUdf", "");
  expect(looks(beside, 50)).not.toContain(true);
  const together = new Progress({ countsCalled: false });
  void asking(together, called).async("1.0/runUdf", "");
  expect(looks(together, 8)).toContain(true);
});
