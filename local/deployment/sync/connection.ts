import type { FunctionCall } from "../functions/call.ts";
import type { FunctionRunner } from "../functions/runner.ts";
import type { LiveQueries } from "../live/live-queries.ts";
import type { Database } from "../transaction/database.ts";
import type { Credentials } from "./protocol.ts";
import type { SessionIdentity } from "./session-identity.ts";
import type { SessionRequests } from "./session-requests.ts";

/** The socket, as far as a session needs it. */
export interface Connection {
  /** @param onSent called when the text has left for the network, or never if the socket closed. */
  send(text: string, onSent?: () => void): void;
  /** Null while the client takes what it is sent; else resolves when it does again, or is gone. */
  readonly room: Promise<void> | null;
  /** So much waits to be taken by the client that nothing more is kept for it. */
  readonly isFull: boolean;
  close(code: number, reason: string): void;
  readonly request: NonNullable<FunctionCall["request"]>;
}

/** What all sessions share. */
export interface SyncServices {
  readonly database: Database;
  readonly runner: FunctionRunner;
  readonly live: LiveQueries;
  readonly sessionRequests: SessionRequests;
  /** Rejects, with a sentence for the client, when the credentials are not good. */
  authenticate(credentials: Credentials): Promise<SessionIdentity>;
  onInternalError(error: unknown): void;
  /** A transition longer than this many UTF-16 units travels in chunks of that length. */
  readonly chunkLength: number;
}
