import { parentPort, workerData } from "node:worker_threads";
import { callSync } from "../../syscalls/dispatch.ts";
import { SYNC_IN_ACTIONS } from "../../syscalls/sync-in-actions.ts";
import { SyscallError, type Syscalls } from "../../syscalls/syscalls.ts";
import { beat } from "../beats.ts";
import { executionConsole } from "../console.ts";
import { convexGlobal } from "../convex-global.ts";
import { currentExecution, type Execution, runIn } from "../execution.ts";
import { thrownBy } from "../failure.ts";
import { importExecution } from "../import-execution.ts";
import type {
  FromNode,
  FunctionDescriptions,
  NodeAnswer,
  NodeCall,
  NodeModule,
  NodeThreadData,
  ToNode,
} from "./messages.ts";
import { describeFunction, invokeExport } from "../registered-function.ts";
import { assignStrayErrors } from "../stray-errors.ts";

// Node's runtime: runs the functions of modules that begin with "use node". It has nothing of the
// deployment; what its functions ask goes to the thread that called them. See `NodeRuntime`.

const port = parentPort!;
const tell = (message: FromNode) => port.postMessage(message);
const questions = new Map<number, PromiseWithResolvers<unknown>>();
let lastQuestion = 0;

port.on("message", (message: ToNode) => {
  switch (message.type) {
    case "describe":
      return void perform(message.task, () => describe(message.module));
    case "call":
      return void perform(message.task, () => call(message.task, message));
    case "answer":
      return settle(message.question, message.answer);
  }
});
adaptNode();
beat((workerData as NodeThreadData).beats);
assignStrayErrors((error) => console.error("An action in Node's runtime left this behind:", error));

async function perform(task: number, work: () => Promise<unknown>): Promise<void> {
  try {
    tell({ type: "returned", task, value: await work() });
  } catch (error) {
    tell({ type: "threw", task, thrown: thrownBy(error) });
  }
}

async function describe(module: NodeModule): Promise<FunctionDescriptions> {
  const described = Object.entries(await load(module)).map(
    ([name, value]) => [name, describeFunction(value)] as const,
  );
  return Object.fromEntries(
    described.flatMap(([name, description]) => (description ? [[name, description]] : [])),
  );
}

async function call(task: number, { module, name, requestId, args }: NodeCall): Promise<string> {
  const stray = Promise.withResolvers<never>();
  const execution: Execution = {
    kind: "action",
    log: { add: (level, messages) => tell({ type: "printed", task, level, messages }) },
    now: Date.now,
    random: Math.random,
    environment: module.environment,
    syscalls: askingFor(task),
    origin: null,
    platform: { waiting: 0 },
    end: new AbortController(),
    fail: stray.reject,
  };
  const exported = await load(module);
  const result = runIn(execution, () => invokeExport(exported[name], "action", requestId, args));
  return await Promise.race([result, stray.promise]);
}

async function load({ url, environment }: NodeModule): Promise<Record<string, unknown>> {
  return await runIn(
    importExecution(environment),
    () => import(url) as Promise<Record<string, unknown>>,
  );
}

function askingFor(task: number): Syscalls {
  const ask = (how: "async" | "javascript", operation: string, args: unknown) => {
    const question = ++lastQuestion;
    tell({ type: "asked", task, question, how, operation, args });
    const answer = Promise.withResolvers<unknown>();
    questions.set(question, answer);
    return answer.promise;
  };
  return {
    sync: (operation, args) => callSync(SYNC_IN_ACTIONS, operation, args),
    async: (operation, args) => ask("async", operation, args) as Promise<string>,
    javascript: (operation, args) => ask("javascript", operation, args),
  };
}

function settle(question: number, answer: NodeAnswer): void {
  const asked = questions.get(question);
  questions.delete(question);
  if (answer.ok) asked?.resolve(answer.value);
  else asked?.reject(new SyscallError(answer.message, answer.data));
}

/**
 * Inside an execution the realm shows the function's own variables and writes to its log, and never
 * the deployment's; everywhere else it stays as it was.
 */
function adaptNode(): void {
  Object.defineProperty(globalThis, "Convex", { value: convexGlobal() });
  const own = process.env;
  Object.defineProperty(process, "env", {
    get: () => currentExecution()?.environment ?? own,
  });
  for (const [name, print] of Object.entries(executionConsole())) {
    const method = name as keyof Console;
    const ownMethod = console[method] as (...values: unknown[]) => void;
    const adaptedMethod = (...values: unknown[]) =>
      currentExecution() === undefined ? ownMethod.apply(console, values) : print(...values);
    Object.assign(console, { [method]: adaptedMethod });
  }
}
