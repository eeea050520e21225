import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConvexClient } from "convex/browser";
import { Owner } from "../credits/owner.ts";
import { startProductDeployment } from "../credits/product-deployment.ts";
import { sessionSigner } from "../credits/tokens.ts";
import type { DeploymentProcess } from "../faults/deployment-process.ts";
import { sendChatMessage } from "./convex-functions.ts";
import { quantile, type Figure } from "./report.ts";

const PEOPLE = 200;
/**
 * Rounds of one send from everybody, on both deployments in turn and close together, so that what
 * else the machine does meets both. An account's free credits pay for 33 sends.
 */
const ROUNDS = 30;
/** Throughput with credits is at least 85% of that without. */
const LIMIT = 1 / 0.85;

/** Makes people with a session each, and is added to both deployments. */
const PEOPLE_MODULE = `
import { v } from "convex/values";
import { internalMutation } from "./_generated/server";

export const make = internalMutation({
  args: { count: v.number() },
  handler: (ctx, { count }) =>
    Promise.all(
      Array.from({ length: count }, async () => {
        const userId = await ctx.db.insert("users", {});
        const session = { userId, expirationTime: Date.now() };
        return userId + "|" + (await ctx.db.insert("authSessions", session));
      }),
    ),
});
`;

/** What answers would do is not measured, and must not run beside what is. */
const SILENT_MODULES = {
  "people.ts": PEOPLE_MODULE,
  "crons.ts": `
import { cronJobs } from "convex/server";
export default cronJobs();
`,
  "chat/generation.ts": `
import { v } from "convex/values";
import { internalAction } from "../_generated/server";
const nothing = internalAction({ args: { messageId: v.id("chatMessages") }, handler: () => null });
export const generateReplyUnattended = nothing;
export const generateReply = nothing;
`,
};

/** A ledger that keeps none: the rest of a send stays as it is. */
const NO_LEDGER = `
export const charge = async (ctx, userId, subject, cost) => cost;
export const chargeNew = charge;
export const refund = async () => {};
export const purchase = async () => 0;
export const takeBack = async () => 0;
export const setUnlimited = async () => {};
`;

/**
 * Two hundred people who send at once, each from a page of their own, beside the same sends on a
 * deployment of the same functions that counts no credits.
 */
export async function credits(): Promise<Figure[]> {
  const folders = [mkdtempSync(join(tmpdir(), "parley-bench-"))];
  folders.push(mkdtempSync(join(tmpdir(), "parley-bench-")));
  const [withFolder = "", withoutFolder = ""] = folders;
  const crowds: Crowd[] = [];
  try {
    const counting = await Crowd.gather(withFolder, SILENT_MODULES);
    crowds.push(counting);
    const modules = { ...SILENT_MODULES, "credits/ledger.ts": NO_LEDGER };
    const plain = await Crowd.gather(withoutFolder, modules);
    crowds.push(plain);
    // Once unmeasured: code is loaded, and everybody's first credits are granted.
    await counting.round();
    await plain.round();
    const pairs: Pair[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const first = round % 2 === 0 ? counting : plain;
      const took = await first.round();
      const other = await (first === counting ? plain : counting).round();
      pairs.push(
        first === counting ? { counting: took, plain: other } : { counting: other, plain: took },
      );
    }
    return figures(pairs);
  } finally {
    await Promise.all(crowds.map((crowd) => crowd.leave()));
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  }
}

/** Milliseconds of the same round on the one and the other. */
interface Pair {
  readonly counting: number;
  readonly plain: number;
}

function figures(pairs: readonly Pair[]): Figure[] {
  const measure = `${PEOPLE} senders`;
  const median = (of: (pair: Pair) => number) => quantile(pairs.map(of), 0.5);
  return [
    {
      measure,
      name: "one send each, beside the same without credits",
      unit: "ms",
      value: median(({ counting }) => counting),
      baseline: median(({ plain }) => plain),
      limit: null,
    },
    {
      measure,
      name: "time with credits to time without",
      unit: "ratio",
      value: median(({ counting, plain }) => counting / plain),
      baseline: null,
      limit: LIMIT,
    },
  ];
}

/** Everybody who sends to one deployment. */
class Crowd {
  readonly #deployment: DeploymentProcess;
  readonly #pages: readonly ConvexClient[];

  private constructor(deployment: DeploymentProcess, pages: readonly ConvexClient[]) {
    this.#deployment = deployment;
    this.#pages = pages;
  }

  static async gather(folder: string, modules: Readonly<Record<string, string>>): Promise<Crowd> {
    const deployment = await startProductDeployment(folder, {
      modelUrl: "http://127.0.0.1:9",
      modules,
    });
    const owner = new Owner(deployment);
    const subjects = (await owner.call("mutation", "people:make", { count: PEOPLE })) as string[];
    const sign = await sessionSigner(folder, deployment.siteUrl);
    const tokens = await Promise.all(subjects.map(sign));
    const pages = tokens.map((token) => {
      const page = new ConvexClient(deployment.url, { logger: false });
      page.setAuth(() => Promise.resolve(token));
      return page;
    });
    return new Crowd(deployment, pages);
  }

  /** Everybody sends at once, each in a new chat. @returns ms until the last was accepted */
  async round(): Promise<number> {
    const startedAt = performance.now();
    await Promise.all(this.#pages.map(sendOne));
    return performance.now() - startedAt;
  }

  async leave(): Promise<void> {
    await Promise.all(this.#pages.map((page) => page.close()));
    await this.#deployment.stop();
  }
}

async function sendOne(page: ConvexClient): Promise<void> {
  await page.mutation(sendChatMessage, { content: "Hello", clientKey: randomUUID() });
}
