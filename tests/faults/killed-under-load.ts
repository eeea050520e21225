import { ConvexClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";
import type { DeploymentProcess } from "./deployment-process.ts";

const add = makeFunctionReference<"mutation">("entries:add");
const entriesOf = makeFunctionReference<"query">("entries:of");

const IN_FLIGHT = 20;

/** What became of the mutations of one round. */
export interface RoundOutcome {
  /** Mutations whose success the clients were told. */
  readonly acknowledged: number;
  /** Acknowledged, but not in the database. */
  readonly lost: number;
  /** In the database more than once. */
  readonly repeated: number;
}

/**
 * One round: clients send mutations without pause, the process is killed at `killAfterMs` and
 * started again, the clients come back by themselves and finish. The deployment must have the
 * functions of the fixture project.
 */
export async function killedUnderLoad(
  deployment: DeploymentProcess,
  options: { readonly clients: number; readonly killAfterMs: number; readonly name: string },
): Promise<RoundOutcome> {
  const writers = Array.from({ length: options.clients }, (_, i) => {
    return new Writer(deployment.url, `${options.name}-${i}`);
  });
  try {
    const written = Promise.all(writers.map((writer) => writer.run()));
    await new Promise((resolve) => setTimeout(resolve, options.killAfterMs));
    await deployment.kill();
    await deployment.start();
    for (const writer of writers) writer.finish();
    await written;
    const outcomes = await Promise.all(writers.map((writer) => writer.check()));
    return outcomes.reduce((sum, one) => ({
      acknowledged: sum.acknowledged + one.acknowledged,
      lost: sum.lost + one.lost,
      repeated: sum.repeated + one.repeated,
    }));
  } finally {
    await Promise.all(writers.map((writer) => writer.close()));
  }
}

/** A client that keeps a number of mutations in flight until it is told to finish. */
class Writer {
  readonly #client: ConvexClient;
  readonly #name: string;
  readonly #acknowledged = new Set<number>();
  #next = 0;
  #isFinishing = false;

  constructor(url: string, name: string) {
    this.#client = new ConvexClient(url, { logger: false });
    this.#name = name;
  }

  async run(): Promise<void> {
    await Promise.all(Array.from({ length: IN_FLIGHT }, () => this.#lane()));
  }

  finish(): void {
    this.#isFinishing = true;
  }

  async check(): Promise<RoundOutcome> {
    const stored: number[] = await this.#client.query(entriesOf, { client: this.#name });
    const distinct = new Set(stored);
    const lost = [...this.#acknowledged].filter((sequence) => !distinct.has(sequence)).length;
    const { size: acknowledged } = this.#acknowledged;
    return { acknowledged, lost, repeated: stored.length - distinct.size };
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  async #lane(): Promise<void> {
    while (!this.#isFinishing) {
      const sequence = this.#next++;
      await this.#client.mutation(add, { client: this.#name, sequence });
      this.#acknowledged.add(sequence);
    }
  }
}
