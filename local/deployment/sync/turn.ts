/** The end of the event loop's turn, as far as answers and what follows them are concerned. */
import type { Writable } from "node:stream";

/** So many rounds at a time; what they send leaves before the next ones start. */
const ROUNDS_AT_ONCE = 32;

const rounds: (() => void)[] = [];
let corked: Pick<Writable, "cork" | "uncork">[] = [];

/**
 * Calls `round` before the network has its next turn, when all who wait for the commit that is just
 * on disk have been answered.
 */
export function afterAnswers(round: () => void): void {
  if (rounds.push(round) === 1) afterMicrotasks(startRounds);
}

/**
 * Holds back what the stream is sent until the answers of this turn and the rounds that follow them
 * are written: they leave in one piece.
 */
export function gather(stream: Pick<Writable, "cork" | "uncork">): void {
  stream.cork();
  if (corked.push(stream) === 1) afterMicrotasks(() => afterMicrotasks(uncork));
}

function startRounds(): void {
  for (const round of rounds.splice(0, ROUNDS_AT_ONCE)) round();
  if (rounds.length > 0) afterMicrotasks(startRounds);
}

function uncork(): void {
  const streams = corked;
  corked = [];
  for (const stream of streams) stream.uncork();
}

/** Ticks come before microtasks, unless a microtask asks for one: then all others come before it. */
function afterMicrotasks(work: () => void): void {
  queueMicrotask(() => process.nextTick(work));
}
