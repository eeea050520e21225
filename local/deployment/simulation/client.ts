import { BaseConvexClient } from "convex/browser";
import { LANES } from "./functions.ts";
import { type SimulatedNetwork, webSocketOn } from "./network.ts";

interface View {
  readonly path: string;
  readonly lane: number;
  readonly unsubscribe: () => void;
}

const USERS = ["ada", "bob", null] as const;
const HOUR_S = 3_600;

/** The official client, with a hand that does what the dice say. */
export class SimulatedClient {
  readonly name: string;
  /** The numbers of this client's writes whose success it was told. */
  readonly acknowledged: number[] = [];
  readonly #client: BaseConvexClient;
  readonly #views: View[] = [];
  #next = 0;
  #waiting = 0;

  constructor(name: string, network: SimulatedNetwork) {
    this.name = name;
    this.#client = new BaseConvexClient("http://simulated.invalid", () => {}, {
      webSocketConstructor: webSocketOn(network),
      unsavedChangesWarning: false,
      logger: false,
    });
  }

  /** Every mutation has been answered. */
  get isIdle(): boolean {
    return this.#waiting === 0;
  }

  act(random: () => number): void {
    const pick = (count: number): number => Math.floor(random() * count);
    const dice = random();
    if (dice < 0.45) this.#write(pick(LANES));
    else if (dice < 0.6) this.#transfer(pick(4), pick(4));
    else if (dice < 0.8) this.#subscribe(pick(4), pick(LANES));
    else if (dice < 0.92) this.#views.splice(pick(this.#views.length), 1)[0]?.unsubscribe();
    else this.#signIn(USERS[pick(USERS.length)] ?? null);
  }

  /** What it shows now, of all that it watches. */
  *views(): Iterable<{ path: string; lane: number; value: unknown }> {
    for (const { path, lane } of this.#views) {
      yield { path, lane, value: this.#client.localQueryResult(path, argsOf(path, lane)) };
    }
  }

  async close(): Promise<void> {
    await this.#client.close();
  }

  #write(lane: number): void {
    const n = this.#next++;
    this.#waitFor(
      this.#client.mutation("entries:add", { lane, writer: this.name, n }).then(() => {
        this.acknowledged.push(n);
      }),
    );
  }

  #transfer(from: number, to: number): void {
    // One account to itself is refused, and must leave nothing behind.
    this.#waitFor(this.#client.mutation("accounts:transfer", { from, to }).catch(() => undefined));
  }

  #subscribe(kind: number, lane: number): void {
    const path = ["accounts:amounts", "viewer:name"][kind] ?? "entries:in";
    const { unsubscribe } = this.#client.subscribe(path, argsOf(path, lane));
    this.#views.push({ path, lane, unsubscribe });
  }

  #signIn(user: string | null): void {
    this.#client.setAuth(
      () => Promise.resolve(user === null ? null : tokenOf(user)),
      () => {},
    );
  }

  #waitFor(work: Promise<void>): void {
    this.#waiting++;
    void work.finally(() => this.#waiting--);
  }
}

function argsOf(path: string, lane: number): Record<string, number> {
  return path === "entries:in" ? { lane } : {};
}

function tokenOf(user: string): string {
  const now = Math.floor(Date.now() / 1000);
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "none" })}.${part({ sub: user, iat: now, exp: now + HOUR_S })}.`;
}
