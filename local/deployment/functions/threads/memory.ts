/**
 * How much memory all that runs in one thread for functions may take at a time, in MiB; the contents
 * of buffers are not counted. It is what Convex gives one Node action, and a single function in V8
 * gets 64 MiB there.
 */
export const MEMORY_LIMIT_MIB = 512;

/** What Convex says of a function that takes more, with the limit that holds here. */
export const OUT_OF_MEMORY = `JavaScript execution ran out of memory (maximum memory usage: ${MEMORY_LIMIT_MIB} MB)`;

/** Whether a thread ended because what ran in it took more memory than it may. */
export function isOutOfMemory(error: NodeJS.ErrnoException): boolean {
  return error.code === "ERR_WORKER_OUT_OF_MEMORY";
}
