import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { WebSocket } from "ws";

/** A query to watch. */
export interface Watch {
  readonly path: string;
  readonly args: Record<string, unknown>;
}

/**
 * A client that speaks the sync protocol and does nothing else: what it costs is small beside what
 * the server does, so that many of them fit into the process that measures.
 */
export class WireClient {
  readonly #socket: WebSocket;
  readonly #answers = new Map<number, PromiseWithResolvers<number>>();
  #requests = 0;
  #querySet = 0;
  #queries = 0;
  #transitions = 0;
  #waiting: { count: number; resolve: () => void }[] = [];

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on("message", (data: Buffer) => this.#receive(data.toString()));
  }

  static async connect(url: string): Promise<WireClient> {
    const socket = new WebSocket(`${url.replace("http", "ws")}/api/1.48.0/sync`);
    const client = new WireClient(socket);
    await once(socket, "open");
    client.#send({
      type: "Connect",
      sessionId: randomUUID(),
      connectionCount: 0,
      lastCloseReason: "InitialConnect",
      maxObservedTimestamp: null,
      clientTs: 0,
    });
    return client;
  }

  /** Resolves when the server has acknowledged it, with the time of the commit: milliseconds since the epoch. */
  mutate(path: string, args: Record<string, unknown>): Promise<number> {
    const requestId = this.#requests++;
    const answer = Promise.withResolvers<number>();
    this.#answers.set(requestId, answer);
    this.#send({ type: "Mutation", requestId, udfPath: path, args: [args], componentPath: "" });
    return answer.promise;
  }

  /** Resolves when the first results are there. */
  async watch(watches: readonly Watch[]): Promise<void> {
    const modifications = watches.map(({ path, args }) => ({
      type: "Add",
      queryId: this.#queries++,
      udfPath: path,
      args: [args],
      journal: null,
      componentPath: "",
    }));
    const baseVersion = this.#querySet++;
    const seen = this.transitionsFrom(1);
    this.#send({
      type: "ModifyQuerySet",
      baseVersion,
      newVersion: this.#querySet,
      modifications,
    });
    await seen;
  }

  /** Resolves when so many further transitions with results have arrived. */
  transitionsFrom(count: number): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({ count: this.#transitions + count, resolve });
    });
  }

  async close(): Promise<void> {
    const closed = once(this.#socket, "close");
    this.#socket.close();
    await closed;
  }

  #send(message: object): void {
    this.#socket.send(JSON.stringify(message));
  }

  #receive(text: string): void {
    if (text.startsWith('{"type":"MutationResponse"')) return this.#answered(text);
    if (!text.includes('"queryId"')) return;
    this.#transitions++;
    this.#waiting = this.#waiting.filter(({ count, resolve }) => {
      if (count > this.#transitions) return true;
      resolve();
      return false;
    });
  }

  #answered(text: string): void {
    const { requestId, success, result, ts } = JSON.parse(text) as {
      requestId: number;
      success: boolean;
      result: unknown;
      ts: string;
    };
    const answer = this.#answers.get(requestId);
    this.#answers.delete(requestId);
    if (success) answer?.resolve(commitTime(ts));
    else answer?.reject(new Error(String(result)));
  }
}

/** Timestamps are the nanoseconds of the server's clock at the commit. */
function commitTime(ts: string): number {
  return Number(Buffer.from(ts, "base64").readBigUInt64LE() / 1_000_000n);
}
