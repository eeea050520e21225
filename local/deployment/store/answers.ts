/**
 * What was answered to requests that may come again, written in the commit of what they did. One row
 * each, in one tree: an answer is looked for only when a client comes back, and written each time.
 */
import type { ReadStatement, LoggedSqlite, WriteStatement } from "./logged-sqlite.ts";

export interface Answer {
  readonly session: string;
  readonly request: number;
  readonly text: string;
}

/** The key of an answer; sorted by it they lie in the data file. */
export type AnswerKey = Pick<Answer, "session" | "request">;

const REMOVED_AT_ONCE = 5_000;

export class Answers {
  readonly #insert: WriteStatement;
  readonly #find: ReadStatement;
  readonly #next: ReadStatement;
  readonly #remove: WriteStatement;

  constructor(sqlite: LoggedSqlite) {
    this.#insert = sqlite.prepareWrite("INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?)");
    this.#find = sqlite.prepareRead("SELECT text FROM answers WHERE session = ? AND request = ?");
    this.#next = sqlite.prepareRead(`
      SELECT session, request FROM answers WHERE (session, request) > (?, ?)
      ORDER BY session, request LIMIT 1 OFFSET ${REMOVED_AT_ONCE}`);
    this.#remove = sqlite.prepareWrite(`
      DELETE FROM answers
      WHERE (session, request) > (?, ?) AND (session, request) <= (?, ?) AND time < ?`);
  }

  /** @param time in milliseconds. */
  insert({ session, request, text }: Answer, time: number): void {
    this.#insert.run(session, request, time, text);
  }

  /** The text of the newest commit's answer, or null. */
  find({ session, request }: AnswerKey): string | null {
    const found = this.#find.get(session, request) as [string] | undefined;
    return found?.[0] ?? null;
  }

  /** Looks at some answers after a key and removes those from before `time`. Gives where to go on. */
  removeOld(after: AnswerKey, time: number): AnswerKey | null {
    const { session, request } = after;
    const next = this.#next.get(session, request) as [string, number] | undefined;
    const last = next === undefined ? LAST : { session: next[0], request: next[1] };
    this.#remove.run(session, request, last.session, last.request, time);
    return next === undefined ? null : last;
  }
}

export const FIRST_ANSWER: AnswerKey = { session: "", request: -1 };
/** Sessions are named in plain text. */
const LAST: AnswerKey = { session: "\u{10ffff}", request: 0 };
