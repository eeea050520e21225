/** What the data file knows of itself: how far its time has come, and a secret. */
import { randomBytes } from "node:crypto";
import type { LoggedSqlite, WriteStatement } from "./logged-sqlite.ts";

/**
 * The time in the file runs so far ahead of the newest commit, nanoseconds: it is written once in a
 * while and not with every commit. After a crash, time goes on from there.
 */
const AHEAD = 1_000_000_000n;

export class Meta {
  readonly #save: WriteStatement;
  /** 32 bytes, for what this deployment hands out sealed. */
  readonly secret: Uint8Array;
  /** Nanoseconds; no commit in the file is newer. */
  #ts: bigint;

  constructor(sqlite: LoggedSqlite) {
    this.#save = sqlite.prepareWrite("INSERT OR REPLACE INTO meta VALUES ('last_ts', ?)");
    const find = (name: string, what: string): unknown =>
      (
        sqlite.prepareRead(`SELECT ${what} FROM meta WHERE name = ?`).get(name) as
          [unknown] | undefined
      )?.[0];
    this.secret = (find("secret", "value") as Uint8Array | undefined) ?? newSecret(sqlite);
    // As a number it would lose its last digits.
    this.#ts = BigInt((find("last_ts", "CAST(value AS TEXT)") as string | undefined) ?? 0);
  }

  get ts(): bigint {
    return this.#ts;
  }

  /** Sees that the file does not fall behind the newest commit; belongs to that commit. */
  reach(ts: bigint): void {
    if (ts > this.#ts) this.set(ts + AHEAD);
  }

  set(ts: bigint): void {
    this.#save.run(ts);
    this.#ts = ts;
  }
}

function newSecret(sqlite: LoggedSqlite): Uint8Array {
  const secret = randomBytes(32);
  sqlite.prepareWrite("INSERT INTO meta VALUES ('secret', ?)").run(secret);
  sqlite.flush();
  return secret;
}
