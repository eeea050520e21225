import process from "node:process";
import { currentExecution } from "./execution.ts";

/**
 * Has errors that a function leaves to nobody (a promise that rejects and is not awaited, a throw in a
 * timer) fail that function, where by default Node ends the whole thread.
 *
 * @param onOther called with an error that no function left.
 */
export function assignStrayErrors(onOther: (error: unknown) => void): void {
  const assign = (error: unknown) => {
    const execution = currentExecution();
    if (execution === undefined) onOther(error);
    else execution.fail(error);
  };
  process.on("uncaughtException", assign);
  process.on("unhandledRejection", assign);
}
