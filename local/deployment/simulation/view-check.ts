import { isDeepStrictEqual } from "node:util";
import type { FunctionRunner } from "../functions/runner.ts";
import type { SessionIdentity } from "../sync/session-identity.ts";
import type { Database } from "../transaction/database.ts";
import { decodeTimestamp } from "../values/timestamp.ts";

interface Version {
  readonly querySet: number;
  readonly identity: number;
  readonly ts: string;
}

interface Transition {
  readonly type: "Transition";
  readonly startVersion: Version;
  readonly endVersion: Version;
  readonly modifications: readonly {
    readonly type: "QueryUpdated" | "QueryFailed" | "QueryRemoved";
    readonly queryId: number;
    readonly value?: unknown;
  }[];
}

interface Watched {
  readonly udfPath: string;
  readonly args: unknown;
  readonly sinceVersion: number;
}

/**
 * Follows what one connection tells its client, and compares it at every transition with a fresh
 * evaluation at the same timestamp. A failure is thrown to whoever waits for {@link settled}.
 */
export class ViewCheck {
  readonly #database: Database;
  readonly #runner: FunctionRunner;
  readonly #watched = new Map<number, Watched>();
  readonly #shown = new Map<number, unknown>();
  readonly #identities = new Map<number, SessionIdentity>();
  #chunks: string[] = [];
  #version: Version = { querySet: 0, identity: 0, ts: "AAAAAAAAAAA=" };
  #checks: Promise<void>[] = [];
  checked = 0;

  constructor(database: Database, runner: FunctionRunner) {
    this.#database = database;
    this.#runner = runner;
  }

  /** Who the connection is from this version of its identity on. */
  identified(version: number, identity: SessionIdentity): void {
    this.#identities.set(version, identity);
  }

  received(text: string): void {
    const message = JSON.parse(text) as {
      type: string;
      newVersion: number;
      modifications: { type: string; queryId: number; udfPath: string; args: unknown }[];
    };
    if (message.type !== "ModifyQuerySet") return;
    for (const { type, queryId, udfPath, args } of message.modifications) {
      if (type === "Remove") this.#watched.delete(queryId);
      else this.#watched.set(queryId, { udfPath, args, sinceVersion: message.newVersion });
    }
  }

  sent(text: string): void {
    const message = JSON.parse(text) as Transition | { type: "TransitionChunk" } | { type: "Ping" };
    if (message.type === "TransitionChunk") return this.#chunk(message as unknown as Chunk);
    if (this.#chunks.length > 0) throw new Error("A chunked transition was interrupted.");
    if (message.type === "Transition") this.#transition(message);
  }

  /** @throws what was wrong with a view. */
  async settled(): Promise<void> {
    await Promise.all(this.#checks.splice(0));
  }

  #chunk({ chunk, partNumber, totalParts }: Chunk): void {
    if (partNumber !== this.#chunks.length) throw new Error("A chunk is out of order.");
    this.#chunks.push(chunk);
    if (this.#chunks.length === totalParts) {
      this.#transition(JSON.parse(this.#chunks.splice(0).join("")) as Transition);
    }
  }

  #transition({ startVersion, endVersion, modifications }: Transition): void {
    if (!isDeepStrictEqual(startVersion, this.#version)) {
      throw new Error("A transition does not start where the one before ended.");
    }
    if (decodeTimestamp(endVersion.ts) < decodeTimestamp(startVersion.ts)) {
      throw new Error("Time went back on a connection.");
    }
    this.#version = endVersion;
    for (const { type, queryId, value } of modifications) {
      if (type === "QueryRemoved") this.#shown.delete(queryId);
      else this.#shown.set(queryId, value);
    }
    for (const [queryId, watched] of this.#watched) {
      if (watched.sinceVersion > endVersion.querySet) continue;
      const compared = this.#compare(queryId, watched, endVersion);
      compared.catch(() => {}); // It reaches whoever waits for `settled`.
      this.#checks.push(compared);
    }
  }

  async #compare(queryId: number, watched: Watched, { identity, ts }: Version): Promise<void> {
    const shown = this.#shown.get(queryId);
    const who = this.#identities.get(identity) ?? { identity: null, caller: "client" };
    const pin = this.#database.beginRead(decodeTimestamp(ts));
    try {
      const { udfPath: path, args } = watched;
      const call = { path, componentPath: "", args: JSON.stringify(args), ...who };
      const at = { ts: decodeTimestamp(ts), journal: null };
      const fresh = await this.#runner.runQuery(call, at);
      const value: unknown = fresh.ok ? JSON.parse(fresh.value) : undefined;
      this.checked++;
      if (isDeepStrictEqual(shown, value)) return;
      throw new Error(
        `${path} ${call.args} was shown as ${JSON.stringify(shown)}, and is ${JSON.stringify(value)}.`,
      );
    } finally {
      pin.close();
    }
  }
}

interface Chunk {
  readonly chunk: string;
  readonly partNumber: number;
  readonly totalParts: number;
}
