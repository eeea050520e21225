import { makeFunctionReference } from "convex/server";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FakeConvex } from "./fake-convex";
import { stubPainting } from "./fake-paint";
import { pacing } from "./paced-queries";

const chats = makeFunctionReference<"query">("chats");
const balance = makeFunctionReference<"query">("balance");
const seen = makeFunctionReference<"mutation">("seen");
const words = makeFunctionReference<"query">("words");

/** What a picture takes on this page, in milliseconds. */
const TAKES_MS = 10;
const RESTS_MS = 300;
const GATHERS_MS = 50;

let server: FakeConvex;
let watchQuery: ReturnType<typeof pacing>["watchQuery"];
let mutation: ReturnType<typeof pacing>["mutation"];

beforeEach(() => {
  vi.useFakeTimers();
  stubPainting();
  server = new FakeConvex();
  for (const name of ["chats", "balance", "words"]) server.answer(name, () => "known");
  const { client } = server;
  const asked = { watchQuery: client.watchQuery.bind(client), mutation: client.mutation };
  ({ watchQuery, mutation } = pacing(asked, { beside: [chats, balance], byItself: [seen] }));
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Counts what is told of a query, which is then drawn. */
function following(query: typeof chats) {
  const told = vi.fn(() => void vi.advanceTimersByTime(TAKES_MS));
  return { told, stop: watchQuery(query, {}).onUpdate(told) };
}

async function change(times = 1) {
  for (let time = 0; time < times; time += 1) {
    server.update();
    await vi.advanceTimersByTimeAsync(1);
  }
}

test("a change on a quiet page is told soon, and those that come in the rest together after it", async () => {
  const { told } = following(chats);
  await change();
  await vi.advanceTimersByTimeAsync(GATHERS_MS);
  expect(told).toHaveBeenCalledTimes(1);
  await change(20);
  expect(told).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(RESTS_MS);
  expect(told).toHaveBeenCalledTimes(2);
});

test("what changes about the same time is told together, and other queries at each change", async () => {
  const together: string[][] = [];
  const note = (name: string) => () => {
    if (together.at(-1)?.includes(name) !== false) together.push([]);
    together.at(-1)?.push(name);
  };
  watchQuery(chats, {}).onUpdate(note("chats"));
  await change();
  watchQuery(balance, {}).onUpdate(note("balance"));
  await change(3);
  await vi.advanceTimersByTimeAsync(GATHERS_MS);
  expect(together).toEqual([["chats", "balance"]]);

  const { told } = following(words);
  await change(2);
  expect(told).toHaveBeenCalledTimes(2);
});

test("a first answer is told at once, even in the rest", async () => {
  following(chats);
  await change();
  await vi.advanceTimersByTimeAsync(GATHERS_MS);
  server.answer("chats", () => undefined);
  const { told } = following(chats);
  await change();
  expect(told).toHaveBeenCalledTimes(1);
});

test("what the person changes is told at once, when it is sent and when it is done", async () => {
  const { told } = following(chats);
  await change();
  await vi.advanceTimersByTimeAsync(GATHERS_MS);
  const { promise: answered, resolve } = Promise.withResolvers<void>();
  server.mutations["rename"] = () => {
    server.update();
    return answered;
  };
  const renamed = mutation(makeFunctionReference<"mutation">("rename"), {});
  expect(told).toHaveBeenCalledTimes(2);
  await change();
  expect(told).toHaveBeenCalledTimes(2);
  resolve();
  await renamed;
  expect(told).toHaveBeenCalledTimes(3);
});

test("what the page sends by itself is no reason to tell anything", async () => {
  const { told } = following(chats);
  await change();
  await vi.advanceTimersByTimeAsync(GATHERS_MS);
  await change();
  server.mutations["seen"] = () => undefined;
  await mutation(seen, {});
  expect(told).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(RESTS_MS);
  expect(told).toHaveBeenCalledTimes(2);
});

test("who has stopped following is told nothing more", async () => {
  const { told, stop } = following(chats);
  await change();
  await vi.advanceTimersByTimeAsync(GATHERS_MS);
  await change();
  stop();
  await vi.advanceTimersByTimeAsync(RESTS_MS);
  expect(told).toHaveBeenCalledTimes(1);
});
