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
  async push(mutation: QueuedMutation, answer: (outcome: MutationOutcome) => void): Promise<void> {
    const turn = this.#turn;
    const answered = this.#answered;
    const { promise: nextTurn, resolve: giveTurn } = Promise.withResolvers<void>();
    const { promise: allAnswered, resolve: giveAnswer } = Promise.withResolvers<void>();
    this.#turn = nextTurn;
    this.#answered = allAnswered;
    this.#length++;
    try {
      await turn;
      const outcome = await this.#run(mutation, giveTurn);
      await answered;
      answer(outcome);
    } finally {
      this.#length--;
      giveAnswer();
    }
  }

  /** Gives the turn to the next one as soon as this one is about to commit, or has failed. */
  async #run({ request, call }: QueuedMutation, giveTurn: () => void): Promise<MutationOutcome> {
    try {
      const room = this.#room();
      if (room !== null) await room;
      if (++this.#started % MUTATIONS_A_TURN === 0) await nextTurn();
      return await this.#runner.runMutation(call, {
        beforeRun: (tx) => this.#requests.refuseRepeated(tx, request),
        beforeCommit: (tx, outcome) => {
          this.#requests.record(tx, request, outcome);
          giveTurn();
        },
      });
    } catch (error) {
      if (!(error instanceof AlreadyAnsweredError)) throw error;
      const answer = await this.#requests.find(request);
      if (answer === null) throw error;
      return { ...answer, ts: this.#database.durableTs };
    } finally {
      giveTurn();
    }
  }
}
