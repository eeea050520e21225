import { parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import { SyscallError, type Syscalls } from "../../syscalls/syscalls.ts";
import { beat } from "../beats.ts";
import { ACTION_LIMIT_MS, TRANSACTION_LIMIT_MS, withDeadline } from "../deadline.ts";
import { type Execution, runIn } from "../execution.ts";
import { thrownBy } from "../failure.ts";
import { Progress } from "../progress.ts";
import { randomFrom } from "../random.ts";
import { describeFunction, invokeExport } from "../registered-function.ts";
import { assignStrayErrors } from "../stray-errors.ts";
import type {
  FromThread,
  FunctionDescriptions,
  ThreadAnswer,
  ThreadData,
  ToThread,
} from "./messages.ts";

/** What one kind of thread runs functions in. */
export interface Realm<Module> {
  /** What a module exports. Throws what the module throws while it loads. */
  load(module: Module): Promise<Record<string, unknown>>;
  /** What its functions see as `process.env`. */
  environmentOf(module: Module): Readonly<Record<string, string>>;
  /** Takes what has to be known beforehand. */
  prepare(preparation: unknown): void;
}

type Call<Module> = Extract<ToThread<Module>, { type: "call" }>;
type How = Extract<FromThread, { type: "asked" }>["how"];

interface Question {
  readonly task: number;
  readonly answer: PromiseWithResolvers<unknown>;
}

const port = parentPort!;
const { beats, working, answered, answers } = workerData as ThreadData;
const questions = new Map<number, Question>();
let lastQuestion = 0;
/** The longest turn so far of each task that is under way, in milliseconds. */
const longestTurns = new Map<number, number>();
let turn = { task: 0, startedAt: 0 };

/**
 * Runs functions in this thread for a `FunctionThread`. Nothing of the deployment is here: what the
 * functions ask goes to the thread that called them.
 */
export function serve<Module>(realm: Realm<Module>): void {
  port.on("message", (message: ToThread<Module>) => {
    switch (message.type) {
      case "describe":
        return void perform(message.task, () => describe(realm, message.module));
      case "call":
        return void perform(message.task, () => call(realm, message));
      case "answer":
        return settle(message.question, message.answer);
      case "prepare":
        return realm.prepare(message.preparation);
    }
  });
  beat(beats);
  assignStrayErrors((error) => console.error("A function left this behind:", error));
}

function tell(message: FromThread): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  port.postMessage(message);
}

async function perform(task: number, work: () => Promise<unknown>): Promise<void> {
  longestTurns.set(task, 0);
  beginTurn(task);
  try {
    const value = await work();
    tell({ type: "returned", task, value, longestTurnMs: longestTurnOf(task) });
  } catch (error) {
    tell({ type: "threw", task, thrown: thrownBy(error) });
  } finally {
    longestTurns.delete(task);
  }
}

/** What a message sets going runs before the next one is taken, and is known to be that task's. */
function beginTurn(task: number): void {
  endTurn();
  turn = { task, startedAt: performance.now() };
  Atomics.store(working, 0, task);
  setImmediate(endTurn);
}

function endTurn(): void {
  if (longestTurns.has(turn.task)) longestTurns.set(turn.task, longestTurnOf(turn.task));
  turn = { task: 0, startedAt: 0 };
  Atomics.store(working, 0, 0);
}

function longestTurnOf(task: number): number {
  const current = turn.task === task ? performance.now() - turn.startedAt : 0;
  return Math.max(longestTurns.get(task) ?? 0, current);
}

async function describe<Module>(
  realm: Realm<Module>,
  module: Module,
): Promise<FunctionDescriptions> {
  const described = Object.entries(await realm.load(module)).map(
    ([name, value]) => [name, describeFunction(value)] as const,
  );
  return Object.fromEntries(
    described.flatMap(([name, description]) => (description ? [[name, description]] : [])),
  );
}

async function call<Module>(realm: Realm<Module>, message: Call<Module>): Promise<string> {
  const { task, module, name, kind, requestId, args, now, seed } = message;
  const stray = Promise.withResolvers<never>();
  const end = new AbortController();
  // A function that it calls is looked after where that one runs.
  const progress = new Progress({ countsCalled: true });
  const execution: Execution = {
    kind,
    log: { add: (level, messages) => tell({ type: "printed", task, level, messages }) },
    now: now === null ? Date.now : () => now,
    seed: () => seed,
    random: randomFrom(() => seed),
    environment: realm.environmentOf(module),
    syscalls: progress.observe(askingFor(task)),
    origin: null,
    platform: progress.platform,
    end,
    fail: stray.reject,
  };
  const exported = await realm.load(module);
  const result = runIn(execution, () => invokeExport(exported[name], kind, requestId, args));
  const whole = Promise.race([result, stray.promise]);
  try {
    return kind === "action"
      ? await withDeadline(whole, ACTION_LIMIT_MS)
      : await withDeadline(whole, TRANSACTION_LIMIT_MS, progress);
  } finally {
    end.abort();
  }
}

function askingFor(task: number): Syscalls {
  return {
    sync: (operation, args) => askNow(task, operation, args),
    async: (operation, args) => ask(task, "async", operation, args) as Promise<string>,
    javascript: (operation, args) => ask(task, "javascript", operation, args),
  };
}

function ask(task: number, how: How, operation: string, args: unknown): Promise<unknown> {
  const question = ++lastQuestion;
  tell({ type: "asked", task, question, how, operation, args });
  const answer = Promise.withResolvers<unknown>();
  questions.set(question, { task, answer });
  return answer.promise;
}

/** Stands still until the answer is there: the library takes some answers at once. */
function askNow(task: number, operation: string, args: string): string {
  const seen = Atomics.load(answered, 0);
  const askedAt = performance.now();
  tell({ type: "asked", task, question: 0, how: "sync", operation, args });
  let received: { message: ThreadAnswer } | undefined;
  while ((received = receiveMessageOnPort(answers)) === undefined) Atomics.wait(answered, 0, seen);
  turn.startedAt += performance.now() - askedAt;
  return valueOf(received.message) as string;
}

function settle(question: number, answer: ThreadAnswer): void {
  const asked = questions.get(question);
  questions.delete(question);
  if (asked === undefined) return;
  beginTurn(asked.task);
  try {
    asked.answer.resolve(valueOf(answer));
  } catch (error) {
    asked.answer.reject(error);
  }
}

function valueOf(answer: ThreadAnswer): unknown {
  if (answer.ok) return answer.value;
  throw new SyscallError(answer.message, answer.data);
}
