import { SyscallError, type Syscalls } from "../../syscalls/syscalls.ts";
import type { Execution } from "../environment/execution.ts";
import type { FromThread, ThreadAnswer } from "./messages.ts";

type Asked = Extract<FromThread, { type: "asked" }>;

/** What a function in a thread is answered that stands still for it. */
export function answerNow({ operation, args }: Asked, execution: Execution | null): ThreadAnswer {
  try {
    return { ok: true, value: syscallsOf(execution).sync(operation, args as string) };
  } catch (error) {
    return refusal(error);
  }
}

/**
 * What a function in a thread is answered. While a function that it calls runs, the caller is not
 * known to be doing anything itself.
 */
export async function answerTo(
  { how, operation, args }: Asked,
  execution: Execution | null,
): Promise<ThreadAnswer> {
  const platform = operation === "1.0/runUdf" ? execution?.platform : undefined;
  if (platform) platform.waiting--;
  try {
    const syscalls = syscallsOf(execution);
    const value =
      how === "async"
        ? await syscalls.async(operation, args as string)
        : await syscalls.javascript(operation, args as Record<string, unknown>);
    return { ok: true, value };
  } catch (error) {
    return refusal(error);
  } finally {
    if (platform) platform.waiting++;
  }
}

function syscallsOf(execution: Execution | null): Syscalls {
  if (execution?.syscalls) return execution.syscalls;
  throw new SyscallError("The function that this call belongs to has already ended.");
}

function refusal(error: unknown): ThreadAnswer {
  const { message, data } = error as SyscallError;
  return { ok: false, message, data };
}
