import { getConvexSize, jsonToConvex } from "convex/values";
import { APP } from "../functions/components.ts";
import { formatFunctionPath } from "../functions/modules/function-path.ts";
import type { Transaction } from "../transaction/transaction.ts";
import { UserError } from "../transaction/user-error.ts";
import type { FunctionAddress } from "./address.ts";
import { numberArgument, stringArgument } from "./arguments.ts";
import type { RequestContext } from "./request-context.ts";
import { ownedBy, ownerOf } from "./system-documents.ts";
import type { SyscallArgs } from "./syscalls.ts";

const SECOND_MS = 1000;
const FURTHEST_MS = 5 * 366 * 24 * 60 * 60 * SECOND_MS;

/** Who schedules. */
export interface SchedulingFunction {
  /** Its component, to which the scheduled function belongs. */
  readonly owner: string;
  readonly request: RequestContext;
}

/**
 * Writes the row that the scheduler will find when the time has come. Returns its id. What is
 * scheduled on behalf of a scheduled function that was cancelled while it ran is cancelled too.
 */
export function scheduleFunction(
  tx: Transaction,
  { owner, request }: SchedulingFunction,
  address: FunctionAddress,
  args: SyscallArgs,
): string {
  const argument = jsonToConvex(args["args"] ?? {});
  tx.countScheduled(getConvexSize([argument]));
  return tx.insert(APP, "_scheduled_functions", {
    name: formatFunctionPath(address.path),
    componentPath: address.componentPath,
    args: [argument],
    scheduledTime: scheduledTime(args),
    ...(isCanceled(tx, request.scheduledFunctionId)
      ? { state: { kind: "canceled" }, completedTime: Date.now() }
      : { state: { kind: "pending" } }),
    ...ownedBy(owner),
  });
}

/** Convex's own limit; it catches seconds that were meant as milliseconds. @throws UserError */
function scheduledTime(args: SyscallArgs): number {
  const time = numberArgument(args, "ts") * SECOND_MS;
  const delay = time - Date.now();
  if (Math.abs(delay) <= FURTHEST_MS) return time;
  const where = delay > 0 ? "in the future" : "in the past";
  throw new UserError(`Cannot schedule for ${time}: it is more than 5 years ${where}`);
}

/** Cancels a function that has not begun; one that runs already is marked and runs on. */
export function cancelScheduled(tx: Transaction, owner: string, args: SyscallArgs): void {
  const id = tx.normalizeId(APP, "_scheduled_functions", stringArgument(args, "id"));
  if (id === null) {
    throw new UserError(
      `Invalid argument \`id\` for \`scheduler.cancel\`: "${stringArgument(args, "id")}" is not the ID of a scheduled function.`,
    );
  }
  const job = tx.get(APP, id);
  if (job === null || ownerOf(job) !== owner) {
    throw new UserError(`Scheduled function ${id} does not exist.`);
  }
  const { kind } = job.value["state"] as { kind: string };
  if (kind !== "pending" && kind !== "inProgress") return;
  tx.patch(APP, id, { state: { kind: "canceled" }, completedTime: Date.now() });
}

function isCanceled(tx: Transaction, id: string | null): boolean {
  const state = id === null ? undefined : tx.get(APP, id)?.value["state"];
  return (state as { kind: string } | undefined)?.kind === "canceled";
}
