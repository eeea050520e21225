import { currentExecution } from "./execution.ts";

type Callback = (...values: unknown[]) => void;

/**
 * Timers as a browser has them, with numbers for names. They belong to the action that set them and
 * end with it; queries and mutations have none, because they run on one snapshot at one instant.
 */
export function timerGlobals(): Record<string, unknown> {
  const timers = new Map<number, { stop: () => void }>();
  let last = 0;

  const start = (name: string, repeat: boolean) => {
    return (callback: Callback, delayMs = 0, ...values: unknown[]): number => {
      const execution = demandAction(name);
      const id = ++last;
      const run = () => {
        if (!repeat) stop(id);
        callback(...values);
      };
      const handle = repeat ? setInterval(run, delayMs) : setTimeout(run, delayMs);
      const onEnd = () => stop(id);
      timers.set(id, {
        stop: () => {
          clearTimeout(handle);
          execution.end.signal.removeEventListener("abort", onEnd);
        },
      });
      execution.end.signal.addEventListener("abort", onEnd);
      return id;
    };
  };
  const stop = (id: number): void => {
    timers.get(id)?.stop();
    timers.delete(id);
  };
  return {
    setTimeout: start("setTimeout", false),
    setInterval: start("setInterval", true),
    clearTimeout: stop,
    clearInterval: stop,
  };
}

/** @throws Error, in Convex's words, unless an action is running that may still do something. */
export function demandAction(name: string) {
  const execution = currentExecution();
  if (execution?.kind === "action" && !execution.end.signal.aborted) return execution;
  if (execution?.kind === "action") {
    throw new Error(`${name} was called after the action that it belongs to had ended.`);
  }
  const place =
    execution === undefined || execution.kind === "import"
      ? "while a module is loaded"
      : "in queries and mutations";
  throw new Error(
    `Can't use ${name} ${place}. Please consider using an action. See https://docs.convex.dev/functions/actions for more details.`,
  );
}
