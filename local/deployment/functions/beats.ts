import type { Worker } from "node:worker_threads";

const BEAT_MS = 100;
/** How often is looked whether a thread still gets around to its events. */
const LOOK_MS = 500;

/** One number that two threads see. */
export type SharedNumber = Int32Array<SharedArrayBuffer>;

export function sharedNumber(): SharedNumber {
  return new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
}

/** To be called in the thread that is watched: `beats` grows while it gets around to its events. */
export function beat(beats: SharedNumber): void {
  setInterval(() => Atomics.add(beats, 0, 1), BEAT_MS).unref();
}

/**
 * Looks whether a thread gets around to its events, until it is told to stop.
 *
 * @param limitMs how long one turn of the thread may compute, in milliseconds of its own processor
 * time, so that a busy machine is no reason to end it.
 * @param onLongTurn called at each look at a turn that is longer, one call at a time.
 * @returns what stops it
 */
export function watchTurns(
  worker: Worker,
  beats: SharedNumber,
  limitMs: number,
  onLongTurn: (turn: { readonly ms: number; isOver(): boolean }) => Promise<void>,
): () => void {
  let lastBeat = 0;
  let computedAtBeat = 0;
  let isLooking = false;
  const look = async () => {
    const current = Atomics.load(beats, 0);
    const { user, system } = await worker.cpuUsage();
    const computedMs = (user + system) / 1000;
    if (current !== lastBeat) {
      lastBeat = current;
      computedAtBeat = computedMs;
      return;
    }
    const ms = computedMs - computedAtBeat;
    const isOver = () => Atomics.load(beats, 0) !== current;
    if (ms >= limitMs) await onLongTurn({ ms, isOver });
  };
  const timer = setInterval(() => {
    if (isLooking) return;
    isLooking = true;
    // A thread that has just ended has no usage any more.
    void look()
      .catch(() => undefined)
      .finally(() => (isLooking = false));
  }, LOOK_MS).unref();
  return () => clearInterval(timer);
}
