/** One direction of a connection: what was sent arrives in order, whenever the network lets it. */
interface Line {
  readonly texts: string[];
  /** Sent, but the other end has not heard of it yet. */
  isClosing: boolean;
}

/** What a server does with a connection of its own. */
export interface ServerEnd {
  receive(text: string): void;
  onClosed(): void;
}

/** The server's view of one connection. */
export interface ServerSocket {
  send(text: string, onSent?: () => void): void;
  close(code: number, reason: string): void;
}

export type Accept = (socket: ServerSocket) => ServerEnd | null;

interface Pipe {
  readonly socket: SimulatedSocket;
  readonly toServer: Line;
  readonly toClient: Line;
  server: ServerEnd | null;
  isOpen: boolean;
  closeReason: { readonly code: number; readonly reason: string };
}

/**
 * Connections between clients and a server in one process. Nothing arrives by itself: each step
 * delivers one thing on one connection, in the order in which it was sent there, while connections
 * overtake each other as the steps choose.
 */
export class SimulatedNetwork {
  readonly #pipes: Pipe[] = [];
  #accept: Accept = () => null;

  /** Who answers new connections; the connections of the one before are left to break. */
  serveWith(accept: Accept): void {
    this.#accept = accept;
  }

  open(socket: SimulatedSocket): void {
    this.#pipes.push({
      socket,
      toServer: { texts: [], isClosing: false },
      toClient: { texts: [], isClosing: false },
      server: null,
      isOpen: false,
      closeReason: { code: 1006, reason: "" },
    });
  }

  /** Things that could happen next. */
  get pending(): number {
    return this.#steps().length;
  }

  /** Lets the thing at `at` happen, of those that could. */
  step(at: number): void {
    this.#steps()[at]?.();
  }

  /** Breaks one connection: what is under way on it, in both directions, is lost. */
  drop(at: number): void {
    const pipe = this.#pipes[at % Math.max(1, this.#pipes.length)];
    if (pipe === undefined) return;
    pipe.toServer.texts.length = 0;
    pipe.toClient.texts.length = 0;
    pipe.toServer.isClosing = true;
    pipe.toClient.isClosing = true;
  }

  /** The process at the other end is gone: every client will hear of a broken connection. */
  dropAll(): void {
    for (const pipe of this.#pipes) {
      pipe.server = null;
      pipe.toServer.texts.length = 0;
      pipe.toClient.texts.length = 0;
      pipe.toClient.isClosing = true;
    }
  }

  send(socket: SimulatedSocket, text: string): void {
    const pipe = this.#pipeOf(socket);
    if (pipe !== undefined && !pipe.toServer.isClosing) pipe.toServer.texts.push(text);
  }

  close(socket: SimulatedSocket): void {
    const pipe = this.#pipeOf(socket);
    if (pipe === undefined) return;
    pipe.toServer.isClosing = true;
    pipe.toClient.texts.length = 0;
    pipe.toClient.isClosing = true;
  }

  #pipeOf(socket: SimulatedSocket): Pipe | undefined {
    return this.#pipes.find((pipe) => pipe.socket === socket);
  }

  #steps(): (() => void)[] {
    return this.#pipes.flatMap((pipe) => [...this.#stepsOf(pipe)]);
  }

  *#stepsOf(pipe: Pipe): Iterable<() => void> {
    if (!pipe.isOpen && !pipe.toClient.isClosing) yield () => this.#connect(pipe);
    if (pipe.server !== null && pipe.toServer.texts.length > 0) {
      yield () => pipe.server?.receive(pipe.toServer.texts.shift()!);
    } else if (pipe.server !== null && pipe.toServer.isClosing) {
      yield () => this.#closeServer(pipe);
    }
    if (pipe.toClient.texts.length > 0) {
      yield () => pipe.socket.onmessage?.({ data: pipe.toClient.texts.shift()! });
    } else if (pipe.toClient.isClosing && pipe.socket.readyState !== CLOSED) {
      yield () => this.#closeClient(pipe);
    }
  }

  #connect(pipe: Pipe): void {
    pipe.isOpen = true;
    pipe.server = this.#accept({
      send: (text, onSent) => {
        if (!pipe.toClient.isClosing && pipe.server !== null) pipe.toClient.texts.push(text);
        if (onSent !== undefined) setImmediate(onSent);
      },
      close: (code, reason) => {
        pipe.closeReason = { code, reason };
        pipe.toClient.isClosing = true;
        pipe.toServer.isClosing = true;
      },
    });
    if (pipe.server === null) {
      pipe.toClient.isClosing = true;
      return;
    }
    pipe.socket.readyState = OPEN;
    pipe.socket.onopen?.();
  }

  #closeServer(pipe: Pipe): void {
    pipe.server?.onClosed();
    pipe.server = null;
    this.#forget(pipe);
  }

  #closeClient(pipe: Pipe): void {
    pipe.socket.readyState = CLOSED;
    pipe.toServer.isClosing = true;
    pipe.socket.onclose?.(pipe.closeReason);
    this.#forget(pipe);
  }

  #forget(pipe: Pipe): void {
    if (pipe.server !== null || pipe.socket.readyState !== CLOSED) return;
    this.#pipes.splice(this.#pipes.indexOf(pipe), 1);
  }
}

const CONNECTING = 0;
const OPEN = 1;
const CLOSED = 3;

/** The part of a browser's WebSocket that the official client uses. */
export class SimulatedSocket {
  readyState = CONNECTING;
  onopen: (() => void) | null = null;
  onmessage: ((event: { readonly data: string }) => void) | null = null;
  onclose: ((event: { readonly code: number; readonly reason: string }) => void) | null = null;
  onerror: ((event: { readonly message: string }) => void) | null = null;
  readonly bufferedAmount = 0;
  readonly #network: SimulatedNetwork;

  constructor(network: SimulatedNetwork) {
    this.#network = network;
    network.open(this);
  }

  send(text: string): void {
    this.#network.send(this, text);
  }

  close(): void {
    this.#network.close(this);
  }
}

/** A WebSocket class whose sockets are on this network, for the official client. */
export function webSocketOn(network: SimulatedNetwork): typeof WebSocket {
  return class extends SimulatedSocket {
    constructor() {
      super(network);
    }
  } as unknown as typeof WebSocket;
}
