import { setImmediate as nextTurn } from "node:timers/promises";
import type { FunctionCall, MutationOutcome } from "../functions/call.ts";
import type { FunctionRunner } from "../functions/runner.ts";
import type { Database } from "../transaction/database.ts";
import { AlreadyAnsweredError, type SessionRequest } from "./session-requests.ts";
import type { SessionRequests } from "./session-requests.ts";

export interface QueuedMutation {
  readonly request: SessionRequest;
  readonly call: FunctionCall;
}

/** Mutations of one socket that may run before the network, and so everybody else, has a turn. */
const MUTATIONS_A_TURN = 16;

/**
 * The mutations of one socket: they commit in the order in which they came, and are answered in
 * that order, each when it is on disk. The next one starts when the one before is about to commit,
 * so that many share one disk sync.
 */
export class MutationQueue {
  readonly #database: Database;
  readonly #runner: FunctionRunner;
  readonly #requests: SessionRequests;
  readonly #room: () => Promise<void> | null;
  #turn: Promise<void> = Promise.resolve();
  #answered: Promise<void> = Promise.resolve();
  #length = 0;
  #started = 0;

  /** @param room what to wait for before the next mutation: that its answer would be taken. */
  constructor(
    database: Database,
    runner: FunctionRunner,
    requests: SessionRequests,
    room: () => Promise<void> | null,
  ) {
    this.#database = database;
    this.#runner = runner;
    this.#requests = requests;
    this.#room = room;
  }

  /** How many are not answered yet. */
  get length(): number {
    return this.#length;
  }

  /** Resolves when all that were pushed have been answered, or have failed. */
  drained(): Promise<void> {
    return this.#answered;
  }

  /**
   * @param answer gets the outcome in the order of the requests.
   * @returns a promise that settles after the answer, and rejects when the deployment failed.
   */
  push(mutation: QueuedMutation, answer: (outcome: MutationOutcome) => void): Promise<void> {
    this.#length++;
    const { promise: nextTurn, resolve: giveTurn } = Promise.withResolvers<void>();
    const outcome = this.#turn.then(() => this.#run(mutation, giveTurn));
    // The turn passes on whatever happens, and so does the right to answer.
    outcome.then(
      () => giveTurn(),
      () => giveTurn(),
    );
    this.#turn = nextTurn;
    const answered = Promise.all([outcome, this.#answered]).then(([result]) => answer(result));
    this.#answered = answered.then(
      () => void this.#length--,
      () => void this.#length--,
    );
    return answered;
  }

  async #run(
    { request, call }: QueuedMutation,
    onCommitting: () => void,
  ): Promise<MutationOutcome> {
    const room = this.#room();
    if (room !== null) await room;
    if (++this.#started % MUTATIONS_A_TURN === 0) await nextTurn();
    try {
      return await this.#runner.runMutation(call, {
        beforeRun: (tx) => this.#requests.refuseRepeated(tx, request),
        beforeCommit: (tx, outcome) => {
          this.#requests.record(tx, request, outcome);
          onCommitting();
        },
      });
    } catch (error) {
      if (!(error instanceof AlreadyAnsweredError)) throw error;
      const answer = await this.#requests.find(request);
      if (answer === null) throw error;
      return { ...answer, ts: this.#database.durableTs };
    }
  }
}
