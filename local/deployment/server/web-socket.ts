import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { type PerMessageDeflateOptions, type WebSocket, WebSocketServer } from "ws";
import type { Connection, SyncServices } from "../sync/connection.ts";
import { SyncSession } from "../sync/session.ts";

const SYNC_PATH = /^\/api\/(?:[^/]+\/)?sync$/;

/** Arguments may have 16 MiB; the rest is for the message around them. */
const MAX_MESSAGE_BYTES = 18 * 1024 * 1024;
const HEARTBEAT_MS = 5_000;
const SILENT_TOO_LONG_MS = 120_000;
const CLOSE_SERVICE_RESTART = 1012;

/**
 * Successive transitions of one socket resemble each other: with a small window that is kept from
 * message to message, the 500 bytes of one more piece of a streamed answer become 34. Measured on
 * 2 cores it costs 0.25 ms a message, which is why what is small and rare goes out as it is, and
 * a socket that never has much to say never holds a compressor (some 40 kB).
 */
const COMPRESSION: PerMessageDeflateOptions = {
  serverMaxWindowBits: 11,
  clientNoContextTakeover: true,
  zlibDeflateOptions: { level: 6, memLevel: 5, chunkSize: 1024 },
  zlibInflateOptions: { chunkSize: 1024 },
};
/** A socket is talkative from this message on; a long message is compressed in any case. */
const TALKATIVE_FROM_MESSAGE = 8;
const LONG_FROM = 4096;
/** Answers to mutations and transitions without news are shorter than this. */
const SHORT_BELOW = 256;
/** Beyond so many compressed messages a second, of all sockets, time is dearer than bytes. */
const COMPRESSED_PER_SECOND = 200;

interface Peer {
  readonly socket: WebSocket;
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
  readonly #compression = new Allowance(COMPRESSED_PER_SECOND);
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
    const connection = connectionOver(socket, request, this.#compression);
    const session = new SyncSession(connection, this.#services);
    const peer: Peer = { socket, session, heardAt: Date.now() };
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
      session.onClosed();
    });
  }

  #beat(now: number): void {
    for (const { socket, session, heardAt } of this.#peers) {
      if (now - heardAt > SILENT_TOO_LONG_MS) {
        socket.terminate();
        continue;
      }
      socket.ping();
      session.tick(now);
    }
  }
}

/** So much of something in each second. */
class Allowance {
  readonly #perSecond: number;
  #second = 0;
  #taken = 0;

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
  }

  /** False when there is none left. */
  take(): boolean {
    const second = Math.floor(performance.now() / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#taken = 0;
    }
    return this.#taken++ < this.#perSecond;
  }
}

function connectionOver(
  socket: WebSocket,
  request: IncomingMessage,
  compression: Allowance,
): Connection {
  let messages = 0;
  let isCorked = false;
  return {
    request: {
      ip: request.socket.remoteAddress ?? null,
      userAgent: request.headers["user-agent"] ?? null,
    },
    send: (text, onSent) => {
      const isTalkative = ++messages >= TALKATIVE_FROM_MESSAGE;
      const isWorthIt = text.length >= (isTalkative ? SHORT_BELOW : LONG_FROM);
      const compress = isWorthIt && (text.length >= LONG_FROM || compression.take());
      // What is sent in one turn leaves in one piece.
      if (!isCorked) {
        isCorked = true;
        request.socket.cork();
        setImmediate(() => {
          isCorked = false;
          request.socket.uncork();
        });
      }
      socket.send(text, { compress }, (error) => {
        if (!error) onSent?.();
      });
    },
    close: (code, reason) => socket.close(code, reason),
  };
}
