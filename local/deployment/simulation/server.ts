import { copyFileSync, existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { ScriptedRunner } from "../fixture/scripted-runner.ts";
import { LiveQueries } from "../live/live-queries.ts";
import type { Credentials } from "../sync/protocol.ts";
import { SyncSession } from "../sync/session.ts";
import { ANONYMOUS, type SessionIdentity } from "../sync/session-identity.ts";
import { SessionRequests } from "../sync/session-requests.ts";
import { Database } from "../transaction/database.ts";
import { ACCOUNTS, ACCOUNTS_TABLE, ENTRIES_TABLE, simulatedFunctions } from "./functions.ts";
import type { ServerEnd, ServerSocket } from "./network.ts";
import { ViewCheck } from "./view-check.ts";

const FILES = ["data.sqlite", "data.sqlite-wal", "data.sqlite-redo"];

/** Everything below the sockets, as one process holds it, with a check on every view it sends. */
export class SimulatedServer {
  readonly database: Database;
  readonly #folder: string;
  readonly #live: LiveQueries;
  readonly #runner: ScriptedRunner;
  readonly #sessionRequests: SessionRequests;
  readonly #random: () => number;
  readonly #checks: ViewCheck[] = [];
  readonly #failures: unknown[] = [];
  #isKilled = false;

  constructor(folder: string, random: () => number) {
    mkdirSync(folder, { recursive: true });
    this.#folder = folder;
    this.#random = random;
    this.database = Database.open(join(folder, "data.sqlite"), {
      systemTables: [ENTRIES_TABLE, ACCOUNTS_TABLE],
      now: () => Date.now(),
    });
    const functions = simulatedFunctions(() => Math.floor(random() * 3));
    this.#runner = new ScriptedRunner(this.database, functions);
    this.#live = new LiveQueries(this.database, this.#runner.asRunner);
    this.#sessionRequests = new SessionRequests(this.database);
  }

  /** Gives every account its first amount. */
  async openAccounts(): Promise<void> {
    await this.database.write((tx) => {
      for (let at = 0; at < ACCOUNTS; at++) tx.insert("", "_accounts", { name: at, amount: 100 });
    });
  }

  accept(socket: ServerSocket): ServerEnd {
    const check = new ViewCheck(this.database, this.#runner.asRunner);
    this.#checks.push(check);
    let identityVersion = 0;
    const session = new SyncSession(
      {
        request: { ip: null, userAgent: null },
        room: null,
        isFull: false,
        close: (code, reason) => socket.close(code, reason),
        send: (text, onSent) => {
          if (this.#isKilled) return;
          this.#attempt(() => check.sent(text));
          socket.send(text, onSent);
        },
      },
      {
        database: this.database,
        runner: this.#runner.asRunner,
        live: this.#live,
        sessionRequests: this.#sessionRequests,
        authenticate: async (credentials) => {
          const identity = await this.#verify(credentials);
          check.identified(++identityVersion, identity);
          return identity;
        },
        onInternalError: (error) => {
          if (!this.#isKilled) this.#failures.push(error);
        },
        // Short, so that transitions are cut into several frames now and then.
        chunkLength: 120 + Math.floor(this.#random() * 2_000),
      },
    );
    return {
      receive: (text) => {
        this.#attempt(() => check.received(text));
        session.receive(text);
      },
      onClosed: () => session.onClosed(),
    };
  }

  /** Views that were compared with a fresh evaluation so far. */
  get viewsChecked(): number {
    return this.#checks.reduce((sum, { checked }) => sum + checked, 0);
  }

  /** @throws what any check or the deployment itself found wrong. */
  async settle(): Promise<void> {
    await Promise.all(this.#checks.map((check) => check.settled()));
    if (this.#failures.length > 0) throw this.#failures[0];
  }

  /**
   * Ends as a power cut would: what is on disk at this moment, and nothing else, is copied to the
   * folder of the next one.
   */
  killInto(folder: string): void {
    mkdirSync(folder, { recursive: true });
    for (const name of FILES) {
      const file = join(this.#folder, name);
      if (existsSync(file)) copyFileSync(file, join(folder, name));
    }
    this.#isKilled = true;
    this.#live.close();
  }

  close(): void {
    this.#live.close();
    this.database.close();
  }

  #attempt(check: () => void): void {
    try {
      check();
    } catch (error) {
      this.#failures.push(error);
    }
  }

  async #verify(credentials: Credentials): Promise<SessionIdentity> {
    for (let turns = Math.floor(this.#random() * 3); turns > 0; turns--) await nextTurn();
    if (credentials.tokenType !== "User") return ANONYMOUS;
    const payload = credentials.value.split(".")[1] ?? "";
    const claims = JSON.parse(Buffer.from(payload, "base64url").toString()) as { sub: string };
    const identity = { claims: { subject: claims.sub }, cacheKey: claims.sub };
    return { identity, caller: "client" };
  }
}
