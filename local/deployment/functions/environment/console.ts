import { currentExecution } from "./execution.ts";
import { type LogLevel, printed } from "../log/log.ts";

/** A console that writes to the log of the execution that calls it. */
export function executionConsole(): Record<string, (...values: unknown[]) => void> {
  const labels = new Map<string, number>();
  const print = (level: LogLevel) => {
    return (...values: unknown[]) => currentExecution()?.log.add(level, printed(values));
  };
  const elapsed = (label: string, values: unknown[]): void => {
    const since = labels.get(label);
    if (since === undefined) print("WARN")(`Timer '${label}' does not exist`);
    else print("INFO")(`${label}: ${performance.now() - since}ms`, ...values);
  };
  return {
    log: print("LOG"),
    info: print("INFO"),
    warn: print("WARN"),
    error: print("ERROR"),
    debug: print("DEBUG"),
    trace: (...values) => {
      const stack = new Error().stack?.split("\n").slice(2).join("\n");
      print("LOG")(...values, stack);
    },
    assert: (condition, ...values) => {
      if (!condition) print("ERROR")("Assertion failed", ...values);
    },
    dir: (value) => print("LOG")(value),
    time: (label = "default") => void labels.set(String(label), performance.now()),
    timeLog: (label = "default", ...values) => elapsed(String(label), values),
    timeEnd: (label = "default") => {
      elapsed(String(label), []);
      labels.delete(String(label));
    },
  };
}
