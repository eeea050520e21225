import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { ConvexClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";
import { WebSocket } from "ws";
import { seededRandom } from "../../local/deployment/functions/environment/random.ts";
import type { DeploymentProcess } from "./deployment-process.ts";
import { HostileGenerator, type HostileInput } from "./hostile-inputs.ts";

const add = makeFunctionReference<"mutation">("entries:add");
const entriesOf = makeFunctionReference<"query">("entries:of");

const LANES = 8;
const ANSWER_WITHIN_MS = 250;
const CONTENT_LIMIT_CHARS = 4_000;
const WITNESS_EVERY_MS = 250;
/** A witness that waits this long was starved. */
const STARVED_AFTER_MS = 10_000;

export interface HostileOutcome {
  readonly inputs: number;
  /** Answers that say the server itself failed, each with what was asked. */
  readonly serverErrors: readonly string[];
  /** Answers that show a stack trace. */
  readonly stackTraces: readonly string[];
  /** What another client wrote and saw meanwhile, in order and without gaps. */
  readonly witnessed: number;
  readonly witnessFailure: string | null;
  /** Resident memory of the server after half of the inputs, and after all, in bytes. */
  readonly memoryHalfway: number;
  readonly memoryAtEnd: number;
}

/**
 * Sends generated inputs to a deployment that has the fixture's functions, several at a time, while
 * a well-behaved client writes and watches.
 */
export async function attack(
  deployment: DeploymentProcess,
  { inputs, seed }: { readonly inputs: number; readonly seed: string },
): Promise<HostileOutcome> {
  const generator = new HostileGenerator(seededRandom(seed));
  const witness = new Witness(deployment.url);
  const serverErrors: string[] = [];
  const stackTraces: string[] = [];
  let sent = 0;
  let memoryHalfway = 0;
  const lane = async (): Promise<void> => {
    while (sent < inputs) {
      sent++;
      if (sent === Math.ceil(inputs / 2)) memoryHalfway = residentBytes(deployment.pid);
      const input = generator.next();
      const answer = await deliver(deployment.url, input);
      const asked = JSON.stringify(input).slice(0, 300);
      if (/^HTTP\/1\.1 5(?!0[13])\d\d/.test(answer)) serverErrors.push(`${answer} ← ${asked}`);
      if (/\n\s+at .+:\d+:\d+/.test(answer)) stackTraces.push(`${answer} ← ${asked}`);
    }
  };
  const { witnessed, witnessFailure } = await witness.during(
    Promise.all(Array.from({ length: LANES }, lane)),
  );
  const memoryAtEnd = residentBytes(deployment.pid);
  return {
    inputs: sent,
    serverErrors,
    stackTraces,
    witnessed,
    witnessFailure,
    memoryHalfway,
    memoryAtEnd,
  };
}

/** A client that does nothing wrong, and wants to notice nothing. */
class Witness {
  readonly #client: ConvexClient;

  constructor(url: string) {
    this.#client = new ConvexClient(url, { logger: false });
  }

  async during(
    attack: Promise<unknown>,
  ): Promise<{ witnessed: number; witnessFailure: string | null }> {
    const client = `witness-${crypto.randomUUID()}`;
    let seen: number[] = [];
    this.#client.onUpdate(entriesOf, { client }, (entries: number[]) => (seen = entries));
    const end = new AbortController();
    const over = attack.finally(() => end.abort());
    let witnessed = 0;
    let witnessFailure: string | null = null;
    while (!end.signal.aborted && witnessFailure === null) {
      const written = this.#client.mutation(add, { client, sequence: witnessed++ });
      witnessFailure = await within(STARVED_AFTER_MS, written).catch(String);
      if (witnessFailure === null && seen.length !== witnessed) {
        witnessFailure = `It wrote ${witnessed} and sees ${seen.length}.`;
      }
      await new Promise((resolve) => setTimeout(resolve, WITNESS_EVERY_MS));
    }
    await over;
    await this.#client.close();
    return { witnessed, witnessFailure };
  }
}

async function within(ms: number, work: Promise<unknown>): Promise<null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`Nothing came within ${ms} ms.`)), ms);
  });
  try {
    await Promise.race([work, late]);
    return null;
  } finally {
    clearTimeout(timer);
  }
}

/** Sends it and resolves with what came back, when the server has hung up or has had its time. */
async function deliver(url: string, input: HostileInput): Promise<string> {
  return input.kind === "frames" ? overWebSocket(url, input.frames) : overTcp(url, input.bytes);
}

async function overWebSocket(url: string, frames: readonly (string | Buffer)[]): Promise<string> {
  const socket = new WebSocket(`${url.replace("http", "ws")}/api/1.48.0/sync`);
  let answer = "";
  socket.on("message", (data: Buffer) => (answer += data.toString().slice(0, CONTENT_LIMIT_CHARS)));
  socket.on("error", () => {});
  const closed = once(socket, "close").catch(() => undefined);
  await Promise.race([once(socket, "open").catch(() => undefined), closed]);
  for (const frame of frames) {
    if (socket.readyState === WebSocket.OPEN) socket.send(frame);
  }
  await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, 5))]);
  socket.terminate();
  return answer;
}

async function overTcp(url: string, bytes: Buffer): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  let answer = "";
  socket.on("error", () => {});
  const answered = new Promise<void>((resolve) => {
    socket.on("data", (data: Buffer) => {
      answer += data.toString("latin1").slice(0, CONTENT_LIMIT_CHARS);
      resolve();
    });
    socket.once("close", () => resolve());
    setTimeout(resolve, ANSWER_WITHIN_MS);
  });
  socket.write(bytes);
  await answered;
  socket.destroy();
  return answer;
}

/** From the process table of Linux; 0 where there is none. */
function residentBytes(pid: number): number {
  try {
    const line = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
    return Number(line?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
