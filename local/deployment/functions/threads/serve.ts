import { randomUUID } from "node:crypto";
import { parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import { SyscallError, type Syscalls } from "../../syscalls/syscalls.ts";
import { beat } from "../beats.ts";
import { ACTION_LIMIT_MS, TRANSACTION_LIMIT_MS, withDeadline } from "../deadline.ts";
import { type Execution, runIn } from "../environment/execution.ts";
import { FunctionFailure, thrownBy } from "../failure.ts";
import type { HttpRouter } from "../http-actions.ts";
import { Progress } from "../progress.ts";
import { randomFrom } from "../environment/random.ts";
import { describeFunction, invokeExport } from "../modules/registered-function.ts";
import { assignStrayErrors } from "../environment/stray-errors.ts";
import type {
  FromThread,
  FunctionDescriptions,
  ThreadAnswer,
  ThreadData,
  ThreadResponse,
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
/** The requests that are being answered. */
const requests = new Map<number, { departure: AbortController; end: AbortController }>();
/** The longest turn so far of each task that is under way, in milliseconds of processor time. */
const longestTurns = new Map<number, number>();
let turn = { task: 0, computedBefore: 0 };

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
      case "respond":
        return void perform(message.task, () => respond(realm, message), bodyOf);
      case "gone":
        return requests.get(message.task)?.departure.abort();
      case "end":
        requests.get(message.task)?.end.abort();
        return void requests.delete(message.task);
      case "answer":
        return settle(message.question, message.answer);
      case "prepare":
        return realm.prepare(message.preparation);
    }
  });
  beat(beats);
  assignStrayErrors((error) => console.error("A function left this behind:", error));
}

function tell(message: FromThread, moving: ReadableStream | null = null): void {
  port.postMessage(message, moving === null ? [] : [moving]);
}

/** @param moving the part of what the work gives that cannot be cloned. */
async function perform<T>(
  task: number,
  work: () => Promise<T>,
  moving: (value: T) => ReadableStream | null = () => null,
): Promise<void> {
  longestTurns.set(task, 0);
  beginTurn(task);
  try {
    const value = await work();
    tell({ type: "returned", task, value, longestTurnMs: longestTurnOf(task) }, moving(value));
  } catch (error) {
    tell({ type: "threw", task, thrown: thrownBy(error) });
  } finally {
    longestTurns.delete(task);
  }
}

/** What a message sets going runs before the next one is taken, and is known to be that task's. */
function beginTurn(task: number): void {
  endTurn();
  turn = { task, computedBefore: computedMs() };
  Atomics.store(working, 0, task);
  setImmediate(endTurn);
}

function endTurn(): void {
  if (longestTurns.has(turn.task)) longestTurns.set(turn.task, longestTurnOf(turn.task));
  turn = { task: 0, computedBefore: 0 };
  Atomics.store(working, 0, 0);
}

function longestTurnOf(task: number): number {
  const current = turn.task === task ? computedMs() - turn.computedBefore : 0;
  return Math.max(longestTurns.get(task) ?? 0, current);
}

/** The thread's own processor time, which others on a busy machine do not add to. */
function computedMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
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
  // A function that it calls is looked after where that one runs.
  const progress = new Progress({ countsCalled: true });
  const end = new AbortController();
  const run = executing({
    ...servicesOf(task, realm.environmentOf(module)),
    kind,
    now: now === null ? Date.now : () => now,
    seed: () => seed,
    random: randomFrom(() => seed),
    syscalls: progress.observe(askingFor(task)),
    platform: progress.platform,
    end,
  });
  try {
    const exported = await realm.load(module);
    const result = run(() => invokeExport(exported[name], kind, requestId, args));
    return kind === "action"
      ? await withDeadline(result, ACTION_LIMIT_MS)
      : await withDeadline(result, TRANSACTION_LIMIT_MS, progress);
  } finally {
    end.abort();
  }
}

/** An HTTP action goes on until its answer has been read. */
async function respond<Module>(
  realm: Realm<Module>,
  message: Extract<ToThread<Module>, { type: "respond" }>,
): Promise<ThreadResponse> {
  const { task, module, route, url, method, headers, body } = message;
  const departure = new AbortController();
  const end = new AbortController();
  requests.set(task, { departure, end });
  const run = executing({
    ...servicesOf(task, realm.environmentOf(module)),
    kind: "action",
    now: Date.now,
    seed: randomUUID,
    random: Math.random,
    syscalls: askingFor(task),
    platform: { waiting: 0 },
    end,
  });
  const { default: router } = (await realm.load(module)) as { default: HttpRouter };
  const [action] = router.lookup(route.path, route.method)!;
  const { signal } = departure;
  const request = new Request(url, { method, headers: headers.map(pair), body, signal });
  const answer = await run(() => action.invokeHttpAction(request));
  if (!(answer instanceof Response)) {
    throw new FunctionFailure("Uncaught Error: An HTTP action must return a Response.");
  }
  const { status, statusText } = answer;
  return { status, statusText, headers: [...answer.headers], body: answer.body };
}

function bodyOf({ body }: ThreadResponse): ReadableStream | null {
  return body;
}

function pair([name, value]: readonly [string, string]): [string, string] {
  return [name, value];
}

function servicesOf(task: number, environment: Execution["environment"]) {
  const log: Execution["log"] = {
    add: (level, messages) => tell({ type: "printed", task, level, messages }),
  };
  return { log, environment, origin: null };
}

/** What runs a function's code, and fails with an error that the code leaves to nobody. */
function executing(execution: Omit<Execution, "fail">): <T>(work: () => Promise<T>) => Promise<T> {
  const stray = Promise.withResolvers<never>();
  const whole: Execution = { ...execution, fail: stray.reject };
  return (work) => Promise.race([runIn(whole, work), stray.promise]);
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
  tell({ type: "asked", task, question: 0, how: "sync", operation, args });
  let received: { message: ThreadAnswer } | undefined;
  while ((received = receiveMessageOnPort(answers)) === undefined) Atomics.wait(answered, 0, seen);
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
