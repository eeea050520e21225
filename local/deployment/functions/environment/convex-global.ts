import type { Syscalls } from "../../syscalls/syscalls.ts";
import { CURRENT_CALL, currentCall, currentExecution } from "./execution.ts";

/** The object by which the official `convex/server` library reaches the deployment. */
export function convexGlobal(): Record<string, unknown> {
  return Object.freeze({
    [CURRENT_CALL]: currentCall,
    syscall: (operation: string, args: string) => currentSyscalls().sync(operation, args),
    asyncSyscall: async (operation: string, args: string) => asyncSyscall(operation, args),
    jsSyscall: (operation: string, args: Record<string, unknown>) =>
      currentSyscalls().javascript(operation, args),
  });
}

export function asyncSyscall(operation: string, args: string): string | Promise<string> {
  return currentSyscalls().async(operation, args);
}

function currentSyscalls(): Syscalls {
  const execution = currentExecution();
  if (execution?.syscalls == null) {
    throw new Error("The database and other Convex services are not there while a module loads.");
  }
  return execution.syscalls;
}
