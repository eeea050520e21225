import type { IncomingMessage, Server } from "node:http";
import type { Socket } from "node:net";
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
const CLOSE_TRY_AGAIN = 1013;

/** Around what it carries. */
const PONG_BYTES = 6;
/** How often is looked at what has come in of messages that are not whole. */
const UNFINISHED_LOOK_MS = 1_000;
const CLOSE_GRACE_MS = 500;
/** So much of them, of all sockets, is kept; beyond it the longest are given up. */
const UNFINISHED_BYTES = 256 * 1024 * 1024;

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
  readonly stream: Socket;
  heardAt: number;
  /** What had come in when the last message was whole. */
  wholeBytes: number;
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
  readonly #unfinishedLook: NodeJS.Timeout;
  #isClosing = false;

  constructor(services: SyncServices) {
    this.#services = services;
    this.#heartbeat = setInterval(() => this.#beat(Date.now()), HEARTBEAT_MS).unref();
    this.#unfinishedLook = setInterval(() => this.#boundUnfinished(), UNFINISHED_LOOK_MS).unref();
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
    clearInterval(this.#unfinishedLook);
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
    const stream = request.socket;
    const wholeBytes = stream.bytesRead;
    const peer: Peer = { socket, connection, session, stream, heardAt: Date.now(), wholeBytes };
    this.#peers.add(peer);
    socket.on("message", (data: Buffer, isBinary) => {
      peer.heardAt = Date.now();
      peer.wholeBytes = stream.bytesRead;
      if (isBinary) socket.close(1003, "Only text is spoken here");
      else session.receive(data.toString("utf8"));
    });
    socket.on("pong", (data) => {
      peer.heardAt = Date.now();
      peer.wholeBytes += PONG_BYTES + data.length;
    });
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

  /** Each message has its limit, and what thousands of clients have begun has one too. */
  #boundUnfinished(): void {
    const unfinished = ({ stream, wholeBytes }: Peer) => stream.bytesRead - wholeBytes;
    let total = 0;
    for (const peer of this.#peers) total += unfinished(peer);
    if (total <= UNFINISHED_BYTES) return;
    const longest = [...this.#peers].sort((a, b) => unfinished(b) - unfinished(a));
    for (const peer of longest) {
      if (total <= UNFINISHED_BYTES) return;
      total -= unfinished(peer);
      peer.socket.close(CLOSE_TRY_AGAIN, "TooMuchUnfinished");
      // What it has begun is let go at once: the rest of it may never come.
      setTimeout(() => peer.socket.terminate(), CLOSE_GRACE_MS).unref();
    }
  }
}
