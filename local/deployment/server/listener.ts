import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { StartError } from "../start-error.ts";

/** A listener on one port that knows how to leave in good order. */
export class Listener {
  readonly server: Server;
  readonly port: number;

  private constructor(server: Server, port: number) {
    this.server = server;
    this.port = port;
  }

  /**
   * @param port 0 lets the system choose.
   * @param flag the option that chooses another port, for the error's text.
   * @throws StartError when the port is taken or not ours to open.
   */
  static open(
    options: { host: string; port: number; flag: string },
    handler: RequestListener,
  ): Promise<Listener> {
    const server = createServer({ noDelay: true, keepAliveTimeout: 60_000 }, handler);
    return new Promise((resolve, reject) => {
      server.once("error", (error: NodeJS.ErrnoException) => reject(startError(error, options)));
      server.listen(options.port, options.host, () => {
        resolve(new Listener(server, (server.address() as AddressInfo).port));
      });
    });
  }

  /** Takes no more connections, and lets running requests end until `graceMs` have passed. */
  close(graceMs: number): Promise<void> {
    return new Promise((resolve) => {
      const force = setTimeout(() => this.server.closeAllConnections(), graceMs);
      this.server.close(() => {
        clearTimeout(force);
        resolve();
      });
      this.server.closeIdleConnections();
    });
  }
}

function startError(
  error: NodeJS.ErrnoException,
  { host, port, flag }: { host: string; port: number; flag: string },
): StartError {
  if (error.code === "EADDRINUSE") {
    return new StartError(`Port ${port} on ${host} is taken. Choose another with ${flag}.`);
  }
  return new StartError(`Cannot listen on ${host}:${port} (${flag}): ${error.message}`);
}
