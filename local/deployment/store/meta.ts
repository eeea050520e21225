/** What the data file knows of itself: how far its time has come, and a secret. */
import { randomBytes } from "node:crypto";
import type { DatabaseSync, StatementSync } from "node:sqlite";

/**
 * The time in the file runs so far ahead of the newest commit, nanoseconds: it is written once in a
 * while and not with every commit. After a crash, time goes on from there.
 */
const AHEAD = 1_000_000_000n;

export class Meta {
  readonly #save: StatementSync;
  /** 32 bytes, for what this deployment hands out sealed. */
  readonly secret: Uint8Array;
  /** Nanoseconds; no commit in the file is newer. */
  #ts: bigint;

  constructor(sqlite: DatabaseSync) {
    this.#save = sqlite.prepare("INSERT OR REPLACE INTO meta VALUES ('last_ts', ?)");
    const find = sqlite.prepare("SELECT value FROM meta WHERE name = ?");
    this.secret = (find.get("secret")?.["value"] as Uint8Array | undefined) ?? newSecret(sqlite);
    find.setReadBigInts(true);
    this.#ts = (find.get("last_ts")?.["value"] as bigint | undefined) ?? 0n;
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

function newSecret(sqlite: DatabaseSync): Uint8Array {
  const secret = randomBytes(32);
  sqlite.prepare("INSERT INTO meta VALUES ('secret', ?)").run(secret);
  return secret;
}
