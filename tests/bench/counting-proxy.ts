import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";

/** Passes TCP connections on to `target` and counts what goes to the client, compressed or not. */
export class CountingProxy {
  readonly url: string;
  readonly #server: Server;
  readonly #sockets: Set<Socket>;
  readonly #count: { toClient: number };

  private constructor(server: Server, sockets: Set<Socket>, count: { toClient: number }) {
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    this.#server = server;
    this.#sockets = sockets;
    this.#count = count;
  }

  static async start(target: string): Promise<CountingProxy> {
    const { hostname, port } = new URL(target);
    const sockets = new Set<Socket>();
    const count = { toClient: 0 };
    const server = createServer((client) => {
      const upstream = connect(Number(port), hostname);
      for (const socket of [client, upstream]) {
        sockets.add(socket);
        socket.setNoDelay(true);
        socket.on("error", () => socket.destroy());
        socket.on("close", () => sockets.delete(socket));
      }
      upstream.on("data", (data: Buffer) => {
        count.toClient += data.length;
      });
      client.pipe(upstream).pipe(client);
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    return new CountingProxy(server, sockets, count);
  }

  /** Bytes that went to the client so far, over all its connections. */
  get bytesToClient(): number {
    return this.#count.toClient;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    const closed = once(this.#server, "close");
    this.#server.close();
    await closed;
  }
}
