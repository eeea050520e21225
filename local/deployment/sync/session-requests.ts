import type { FunctionOutcome } from "../functions/call.ts";
import type { Database } from "../transaction/database.ts";
import type { Transaction } from "../transaction/transaction.ts";
import { FIRST_ANSWER } from "../store/answers.ts";
import type { AnswerKey } from "../store/answers.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

/** Longer than any client keeps a mutation that it may send again. */
const RETENTION_MS = 14 * DAY_MS;

/** A mutation that a client sends again because it never saw the answer. */
export interface SessionRequest {
  readonly sessionId: string;
  readonly requestId: number;
}

/** The sockets of one session that are open, or still have mutations to answer. */
interface OpenSession {
  sockets: number;
  /** The client has come back at least once, so what it sends may be a repetition. */
  isResumed: boolean;
}

/** Thrown inside a mutation's transaction: it is not done again. */
export class AlreadyAnsweredError extends Error {}

/**
 * What was answered to each mutation, written in the mutation's own commit. A client that lost its
 * connection sends every mutation again whose effect it has not seen; this is how it is done once.
 */
export class SessionRequests {
  readonly #database: Database;
  readonly #open = new Map<string, OpenSession>();

  constructor(database: Database) {
    this.#database = database;
  }

  /** A socket of the session opened. @param isReconnected it is not the session's first. */
  enter(sessionId: string, isReconnected: boolean): void {
    const known = this.#open.get(sessionId);
    this.#open.set(sessionId, {
      sockets: (known?.sockets ?? 0) + 1,
      isResumed: isReconnected || known !== undefined,
    });
  }

  /** The socket is closed and everything that came over it has been answered. */
  leave(sessionId: string): void {
    const session = this.#open.get(sessionId);
    if (session !== undefined && --session.sockets === 0) this.#open.delete(sessionId);
  }

  /** False while the session has had one socket only: nobody can have sent the request before. */
  mayBeRepeated({ sessionId }: SessionRequest): boolean {
    return this.#open.get(sessionId)?.isResumed ?? true;
  }

  /**
   * @throws AlreadyAnsweredError for a request that was answered before, or whose answer is about to
   * be on disk: the old socket of the same session was still at it.
   */
  refuseRepeated(tx: Transaction, request: SessionRequest): void {
    if (!this.mayBeRepeated(request) || tx.answerTo(keyOf(request)) === null) return;
    throw new AlreadyAnsweredError("Answered before.");
  }

  /** Writes the answer into the mutation's transaction. */
  record(tx: Transaction, request: SessionRequest, outcome: FunctionOutcome & { ok: true }): void {
    const { value, logLines } = outcome;
    tx.keepAnswer({ ...keyOf(request), text: JSON.stringify({ value, logLines }) });
  }

  /** The answer of an earlier time, when it is on disk; null when the request is new. */
  async find(request: SessionRequest): Promise<(FunctionOutcome & { ok: true }) | null> {
    const text = await this.#database.write((tx) => tx.answerTo(keyOf(request)));
    if (text === null) return null;
    const { value, logLines } = JSON.parse(text) as { value: string; logLines: string[] };
    return { ok: true, value, logLines };
  }

  /** Removes what no client will ask for again. @param now in milliseconds. */
  async removeOld(now: number): Promise<void> {
    for (let at: AnswerKey | null = FIRST_ANSWER; at !== null;) {
      const from: AnswerKey = at;
      at = await this.#database.maintain((store) =>
        store.answers.removeOld(from, now - RETENTION_MS),
      );
    }
  }
}

function keyOf({ sessionId, requestId }: SessionRequest): AnswerKey {
  return { session: sessionId, request: requestId };
}
