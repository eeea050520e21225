import type { Identity } from "../functions/call.ts";

/** Who is at the other end of a socket or behind a request, and what that allows. */
export interface SessionIdentity {
  readonly identity: Identity | null;
  readonly caller: "client" | "admin";
}

export const ANONYMOUS: SessionIdentity = { identity: null, caller: "client" };
