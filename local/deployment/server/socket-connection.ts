import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { WebSocket } from "ws";
import type { Connection } from "../sync/connection.ts";
import { gather } from "../sync/turn.ts";

/**
 * Compression costs 0.25 ms a message, measured on 2 cores, which is why what is small and rare goes
 * out as it is, and a socket that never has much to say never holds a compressor (some 40 kB). A
 * socket is talkative from this message on; a long message is compressed in any case.
 */
const TALKATIVE_FROM_MESSAGE = 8;
const LONG_FROM = 4096;
/** Answers to mutations and transitions without news are shorter than this. */
const SHORT_BELOW = 256;
/** A client that leaves so many bytes untaken is asked for nothing more, and told nothing more. */
const CONGESTED_ABOVE_BYTES = 1024 * 1024;
/** What was under way when it stopped taking may add up to this: a few of the largest results. */
const FULL_ABOVE_BYTES = 64 * 1024 * 1024;
/** In which an allowance is granted. */
const SPAN_MS = 100;

/**
 * So much of something in each span of time; nothing after a span in which more was wanted. Spans
 * are short, since what is granted at the start of a burst is what all others then wait behind.
 */
export class Allowance {
  readonly #perSpan: number;
  #span = 0;
  #wanted = 0;
  #isSuspended = false;

  constructor(perSecond: number) {
    this.#perSpan = (perSecond * SPAN_MS) / 1000;
  }

  /** Whether there is some left. */
  take(): boolean {
    const span = Math.floor(performance.now() / SPAN_MS);
    if (span !== this.#span) {
      this.#isSuspended = span === this.#span + 1 && this.#wanted > this.#perSpan;
      this.#span = span;
      this.#wanted = 0;
    }
    this.#wanted++;
    return !this.#isSuspended && this.#wanted <= this.#perSpan;
  }
}

/** What all sockets of a server share. */
export interface Shared {
  /** Of small messages. */
  readonly compression: Allowance;
}

/** A client's socket: decides what is compressed, and when it is too much. */
export class SocketConnection implements Connection {
  readonly request: Connection["request"];
  readonly #socket: WebSocket;
  readonly #stream: Socket;
  readonly #shared: Shared;
  #messages = 0;
  /** Settles when the client has taken what waits for it; null while it keeps up. */
  #congestion: PromiseWithResolvers<void> | null = null;

  constructor(socket: WebSocket, request: IncomingMessage, shared: Shared) {
    this.#socket = socket;
    this.#stream = request.socket;
    this.#shared = shared;
    this.request = {
      ip: request.socket.remoteAddress ?? null,
      userAgent: request.headers["user-agent"] ?? null,
    };
  }

  get room(): Promise<void> | null {
    return this.#congestion?.promise ?? null;
  }

  send(text: string, onSent?: () => void): void {
    if (this.#stream.writableCorked === 0) gather(this.#stream);
    this.#socket.send(text, { compress: this.#isCompressed(text) }, (error) => {
      if (this.#socket.bufferedAmount <= CONGESTED_ABOVE_BYTES) this.#relieve();
      if (!error) onSent?.();
    });
    if (this.#congestion !== null || this.#socket.bufferedAmount <= CONGESTED_ABOVE_BYTES) return;
    this.#congestion = Promise.withResolvers<void>();
    this.#socket.pause();
  }

  get isFull(): boolean {
    return this.#socket.bufferedAmount > FULL_ABOVE_BYTES;
  }

  close(code: number, reason: string): void {
    // Its own goodbye has to be read.
    this.#relieve();
    this.#socket.close(code, reason);
  }

  /** Nobody is there any more. */
  onClosed(): void {
    this.#relieve();
  }

  #relieve(): void {
    if (this.#congestion === null) return;
    this.#congestion.resolve();
    this.#congestion = null;
    this.#socket.resume();
  }

  #isCompressed(text: string): boolean {
    if (text.length >= LONG_FROM) return true;
    const isTalkative = ++this.#messages >= TALKATIVE_FROM_MESSAGE;
    return isTalkative && text.length >= SHORT_BELOW && this.#shared.compression.take();
  }
}
