import type { FunctionOutcome } from "../functions/call.ts";
import type { Database } from "../transaction/database.ts";
import type { Transaction } from "../transaction/transaction.ts";
import { readRows } from "../system-rows.ts";
import { SESSION_REQUESTS_TABLE } from "./tables.ts";

const TABLE = SESSION_REQUESTS_TABLE.name;
const DAY_MS = 24 * 60 * 60 * 1000;

/** Longer than any client keeps a mutation that it may send again. */
const RETENTION_MS = 14 * DAY_MS;
const DELETIONS_PER_COMMIT = 500;

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

/** Thrown inside a mutation's transaction, to undo the repetition of one that was done before. */
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

  /** The answer of an earlier time, which is on disk; null when the request is new. */
  find(request: SessionRequest): (FunctionOutcome & { ok: true }) | null {
    const tx = this.#database.beginRead();
    try {
      return findIn(tx, request);
    } finally {
      tx.close();
    }
  }

  /** As {@link find}, after everything that is being written now is on disk too. */
  async findAfterWrites(request: SessionRequest): Promise<(FunctionOutcome & { ok: true }) | null> {
    return await this.#database.write((tx) => findIn(tx, request));
  }

  /**
   * Writes the answer into the mutation's transaction.
   *
   * @throws AlreadyAnsweredError when the request was answered in the meantime: the old socket of
   * the same session was still at it.
   */
  record(tx: Transaction, request: SessionRequest, outcome: FunctionOutcome & { ok: true }): void {
    const isRepeated = this.mayBeRepeated(request) && findIn(tx, request) !== null;
    if (isRepeated) throw new AlreadyAnsweredError("Answered before.");
    const { sessionId, requestId } = request;
    const { value, logLines } = outcome;
    tx.insert("", TABLE, { sessionId, requestId, result: value, logLines });
  }

  /** Removes what no client will ask for again. @param now in milliseconds. */
  async removeOld(now: number): Promise<void> {
    for (let more = true; more;) {
      more = await this.#database.write((tx) => removeOlderThan(tx, now - RETENTION_MS));
    }
  }
}

function findIn(
  tx: Transaction,
  { sessionId, requestId }: SessionRequest,
): (FunctionOutcome & { ok: true }) | null {
  const range = [
    { type: "Eq", fieldPath: "sessionId", value: sessionId },
    { type: "Eq", fieldPath: "requestId", value: requestId },
  ] as const;
  const [row] = readRows(tx, `${TABLE}.by_request`, range, 1);
  if (row === undefined) return null;
  const { result, logLines } = row.value;
  return { ok: true, value: result as string, logLines: logLines as string[] };
}

/** True when there may be more. */
function removeOlderThan(tx: Transaction, time: number): boolean {
  const range = [{ type: "Lt", fieldPath: "_creationTime", value: time }] as const;
  const old = readRows(tx, `${TABLE}.by_creation_time`, range, DELETIONS_PER_COMMIT);
  for (const { id } of old) tx.delete("", id);
  return old.length === DELETIONS_PER_COMMIT;
}
