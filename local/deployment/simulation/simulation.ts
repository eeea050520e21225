import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mock } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { seededRandom } from "../functions/environment/random.ts";
import { readDurable } from "../system-rows.ts";
import { SimulatedClient } from "./client.ts";
import { ACCOUNTS, amountsIn, entriesIn, LANES } from "./functions.ts";
import { SimulatedNetwork } from "./network.ts";
import { SimulatedServer } from "./server.ts";

const CLIENTS = 3;
const STEPS = 150;
/** Steps after which everything must have arrived, once nothing is dropped any more. */
const STEPS_TO_SETTLE = 4_000;
/** A client waits no longer before it connects again. */
const LONGEST_WAIT_S = 20;
/** Promises that may follow each other within one turn of the event loop. */
const MICROTASKS = 40;
const START = Date.parse("2026-01-01T00:00:00Z");

/** What one run went through. */
export interface SimulationReport {
  readonly acknowledged: number;
  readonly viewsChecked: number;
  readonly drops: number;
  readonly kills: number;
}

/**
 * Official clients against the deployment's rooms in one process, over a network that delays,
 * cuts and drops, with the process killed now and then. All that happens follows from the seed:
 * the same seed fails in the same way.
 *
 * @throws Error naming the seed when a view differs from a fresh evaluation at its timestamp, an
 * acknowledged mutation is missing or there twice, time goes back, or something never arrives.
 */
export async function simulate(seed: string): Promise<SimulationReport> {
  const folder = mkdtempSync(join(tmpdir(), "parley-simulation-"));
  const random = seededRandom(seed);
  const originalRandom = Math.random;
  mock.timers.enable({ apis: ["setTimeout", "setInterval", "Date"], now: START });
  Math.random = random;
  const simulation = new Simulation(folder, random);
  try {
    return await simulation.run();
  } catch (error) {
    throw new Error(`Seed ${seed}: ${(error as Error).message}`, { cause: error });
  } finally {
    await simulation.close();
    mock.timers.reset();
    Math.random = originalRandom;
    rmSync(folder, { recursive: true, force: true });
  }
}

class Simulation {
  readonly #folder: string;
  readonly #random: () => number;
  readonly #network = new SimulatedNetwork();
  readonly #clients: SimulatedClient[] = [];
  readonly #killed: SimulatedServer[] = [];
  #server: SimulatedServer;
  #drops = 0;
  /** Steps for which nothing reaches the disk. */
  #diskWaits = 0;

  constructor(folder: string, random: () => number) {
    this.#folder = folder;
    this.#random = random;
    this.#server = this.#serve();
  }

  async run(): Promise<SimulationReport> {
    await this.#server.openAccounts();
    for (let at = 0; at < CLIENTS; at++) {
      this.#clients.push(new SimulatedClient(`client-${at}`, this.#network));
    }
    for (let step = 0; step < STEPS; step++) {
      this.#act();
      await this.#turn();
    }
    await this.#comeToRest();
    this.#checkRecords();
    return {
      acknowledged: this.#clients.reduce((sum, { acknowledged }) => sum + acknowledged.length, 0),
      viewsChecked: [...this.#killed, this.#server].reduce((sum, one) => sum + one.viewsChecked, 0),
      drops: this.#drops,
      kills: this.#killed.length,
    };
  }

  async close(): Promise<void> {
    const closed = Promise.all(this.#clients.map((client) => client.close()));
    while (this.#network.pending > 0) this.#network.step(0);
    await closed;
    for (const server of [...this.#killed, this.#server]) server.close();
  }

  #serve(): SimulatedServer {
    const server = new SimulatedServer(
      join(this.#folder, `life-${this.#killed.length}`),
      this.#random,
    );
    this.#network.serveWith((socket) => server.accept(socket));
    return server;
  }

  #pick(count: number): number {
    return Math.floor(this.#random() * count);
  }

  #act(): void {
    const dice = this.#random();
    if (dice < 0.35) this.#clients[this.#pick(CLIENTS)]!.act(this.#random);
    else if (dice < 0.9) this.#network.step(this.#pick(this.#network.pending));
    else if (dice < 0.96) mock.timers.tick(this.#pick(3_000));
    else if (dice < 0.98) {
      this.#drops++;
      this.#network.drop(this.#pick(CLIENTS));
    } else if (dice < 0.99) this.#diskWaits = this.#pick(30);
    else this.#kill();
  }

  #kill(): void {
    const killed = this.#server;
    const next = join(this.#folder, `life-${this.#killed.length + 1}`);
    killed.killInto(next);
    this.#killed.push(killed);
    this.#network.dropAll();
    this.#server = this.#serve();
  }

  /**
   * What was set off goes on a while without the network. What was committed reaches the disk in
   * the next turn of the event loop; while the disk is slow there is none, and often a kill ends it.
   */
  async #turn(): Promise<void> {
    for (let jobs = 0; jobs < MICROTASKS; jobs++) await Promise.resolve();
    if (this.#diskWaits > 0) {
      this.#diskWaits--;
      if (this.#diskWaits === 0 && this.#random() < 0.5) this.#kill();
      return;
    }
    for (let turns = this.#pick(6); turns > 0; turns--) await nextTurn();
    await this.#server.settle();
  }

  /** No more trouble: everything that was sent arrives, and every view becomes the last state. */
  async #comeToRest(): Promise<void> {
    this.#diskWaits = 0;
    let quietSeconds = 0;
    for (let step = 0; step < STEPS_TO_SETTLE; step++) {
      if (this.#network.pending > 0) {
        quietSeconds = 0;
        this.#network.step(this.#pick(this.#network.pending));
      } else if (quietSeconds < LONGEST_WAIT_S) {
        quietSeconds++;
        mock.timers.tick(1_000);
      } else if (this.#clients.every((client) => client.isIdle)) return this.#checkViews();
      await this.#turn();
    }
    throw new Error("Not everything arrived.");
  }

  #checkViews(): void {
    const { database } = this.#server;
    for (const client of this.#clients) {
      for (const { path, lane, value } of client.views()) {
        // Who the client is signed in as is its own affair; each transition was checked for that.
        if (path === "viewer:name") continue;
        const fresh = readDurable<unknown>(database, (tx) =>
          path === "entries:in" ? entriesIn(tx, lane) : amountsIn(tx),
        );
        if (isDeepStrictEqual(value, fresh)) continue;
        throw new Error(
          `${client.name} ends with ${JSON.stringify(value)} for ${path}, not ${JSON.stringify(fresh)}.`,
        );
      }
    }
  }

  #checkRecords(): void {
    const { stored, amounts } = readDurable(this.#server.database, (tx) => ({
      stored: Array.from({ length: LANES }, (_, lane) => entriesIn(tx, lane)).flat(),
      amounts: amountsIn(tx),
    }));
    const names = stored.map(([writer, n]) => `${writer} ${n}`);
    const distinct = new Set(names);
    if (distinct.size !== names.length) throw new Error("A mutation was done twice.");
    for (const { name, acknowledged } of this.#clients) {
      const lost = acknowledged.find((n) => !distinct.has(`${name} ${n}`));
      if (lost !== undefined) throw new Error(`${name}'s acknowledged write ${lost} is not there.`);
    }
    const sum = amounts.reduce((total, amount) => total + amount, 0);
    if (sum !== ACCOUNTS * 100) throw new Error(`The accounts hold ${sum} in all.`);
  }
}
