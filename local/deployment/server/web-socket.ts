import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { type PerMessageDeflateOptions, type WebSocket, WebSocketServer } from "ws";
import type { SyncServices } from "../sync/connection.ts";
import { SyncSession } from "../sync/session.ts";
import { Allowance, SocketConnection } from "./socket-connection.ts";

const SYNC_PATH = /^\/api\/(?:[^/]+\/)?sync$/;

/** Beyond so many compressed messages a second, of all sockets, time is dearer than bytes. */
const COMPRESSED_PER_SECOND = 200;

/** Arguments may have 16 MiB; the rest is for the message around them. */
const MAX_MESSAGE_BYTES = 18 * 1024 * 1024;
const HEARTBEAT_MS = 5_000;
const SILENT_TOO_LONG_MS = 120_000;
/** While a client has much to take, nothing is read from it, a sign of life neither. */
const CONGESTED_TOO_LONG_MS = 600_000;
const CLOSE_SERVICE_RESTART = 1012;

/**
 * Successive transitions of one socket resemble each other: with a small window that is kept from
 * message to message, the 500 bytes of one more piece of a streamed answer become 34.
 */
const COMPRESSION: PerMessageDeflateOptions = {
  serverMaxWindowBits: 11,
  clientNoContextTakeover: true,
  zlibDeflateOptions: { level: 6, memLevel: 5, chunkSize: 1024 },
  zlibInflateOptions: { chunkSize: 1024 },
};

interface Peer {
  readonly socket: WebSocket;
  readonly connection: SocketConnection;
  readonly session: SyncSession;
  heardAt: number;
}

/** The clients' sockets: upgrades, heartbeats, and leaving in good order. */
export class SyncServer {
  readonly #services: SyncServices;
  readonly #server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: MAX_MESSAGE_BYTES,
    perMessageDeflate: COMPRESSION,
  });
  readonly #peers = new Set<Peer>();
  readonly #shared = { compression: new Allowance(COMPRESSED_PER_SECOND) };
  readonly #heartbeat: NodeJS.Timeout;
  #isClosing = false;

  constructor(services: SyncServices) {
    this.#services = services;
    this.#heartbeat = setInterval(() => this.#beat(Date.now()), HEARTBEAT_MS).unref();
  }

  listenTo(server: Server): void {
    server.on("upgrade", (request, socket, head) => this.#upgrade(request, socket, head));
  }

  /** How many clients are connected. */
  get size(): number {
    return this.#peers.size;
  }

  /** Waits until all requests are answered or `graceMs` have passed, then closes every socket. */
  async close(graceMs: number): Promise<void> {
    this.#isClosing = true;
    clearInterval(this.#heartbeat);
    const deadline = Date.now() + graceMs;
    while (Date.now() < deadline && [...this.#peers].some(({ session }) => session.isBusy)) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    for (const { socket } of this.#peers) {
      socket.close(CLOSE_SERVICE_RESTART, "The deployment is restarting");
    }
    await this.#allGone(Date.now() + 200);
    for (const { socket } of this.#peers) socket.terminate();
  }

  async #allGone(deadline: number): Promise<void> {
    while (this.#peers.size > 0 && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // A peer that vanishes during the upgrade is no failure of ours.
    socket.on("error", () => socket.destroy());
    const path = (request.url ?? "").split("?", 1)[0]!;
    if (this.#isClosing || !SYNC_PATH.test(path)) {
      socket.end("HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (ws) => this.#welcome(ws, request));
  }

  #welcome(socket: WebSocket, request: IncomingMessage): void {
    const connection = new SocketConnection(socket, request, this.#shared);
    const session = new SyncSession(connection, this.#services);
    const peer: Peer = { socket, connection, session, heardAt: Date.now() };
    this.#peers.add(peer);
    socket.on("message", (data: Buffer, isBinary) => {
      peer.heardAt = Date.now();
      if (isBinary) socket.close(1003, "Only text is spoken here");
      else session.receive(data.toString("utf8"));
    });
    socket.on("pong", () => (peer.heardAt = Date.now()));
    // The close event that follows an error says all there is to do.
    socket.on("error", () => {});
    socket.on("close", () => {
      this.#peers.delete(peer);
      connection.onClosed();
      session.onClosed();
    });
  }

  #beat(now: number): void {
    for (const { socket, connection, session, heardAt } of this.#peers) {
      const limit = connection.room === null ? SILENT_TOO_LONG_MS : CONGESTED_TOO_LONG_MS;
      if (now - heardAt > limit) {
        socket.terminate();
        continue;
      }
      socket.ping();
      session.tick(now);
    }
  }
}
