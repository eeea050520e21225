import type { JSONValue } from "convex/values";
import type { ReadSet } from "../transaction/read-set.ts";
import type { Transaction } from "../transaction/transaction.ts";

export type FunctionKind = "query" | "mutation" | "action";

/** Whoever makes a call, as a verified token or the admin says. */
export interface Identity {
  /** What `ctx.auth.getUserIdentity()` gives. */
  readonly claims: Record<string, unknown>;
  /** Milliseconds since the epoch. */
  readonly expiresAt?: number;
  readonly cacheKey: string;
}

export type Caller = "client" | "admin" | "scheduler" | "cron" | "function";

export interface FunctionCall {
  /** As it was sent: `dir/module:name`, `dir/module.js:name` or `dir/module`. */
  readonly path: string;
  /** "" is the app itself. */
  readonly componentPath: string;
  /** Convex-encoded JSON: an array that holds one object. */
  readonly args: string;
  readonly identity: Identity | null;
  readonly caller: Caller;
  /** What the caller may name, where the caller is a function; left out for any function. */
  readonly access?: "public" | "any";
  readonly requestId?: string;
  readonly request?: { readonly ip: string | null; readonly userAgent: string | null };
  /** The `_scheduled_functions` document that this call is the run of. */
  readonly scheduledFunctionId?: string;
}

export interface FunctionError {
  /** The whole text for the wire, `[Request ID: …] Server Error` and, in development, the cause. */
  readonly message: string;
  /** The encoded data of a ConvexError. */
  readonly data?: JSONValue;
}

export type FunctionOutcome = { readonly logLines: string[] } & (
  | { readonly ok: true; readonly value: string }
  | { readonly ok: false; readonly error: FunctionError }
);

export type QueryOutcome = FunctionOutcome & {
  readonly ts: bigint;
  readonly readSet: ReadSet;
  readonly journal: string | null;
  readonly usedIdentity: boolean;
};

/** `ts` is there on success: the commit, which is on disk. */
export type MutationOutcome = FunctionOutcome & { readonly ts?: bigint };

/**
 * Work that must happen in the mutation's own transaction. What a hook throws rolls the mutation
 * back, and `runMutation` rejects with it.
 */
export interface MutationHooks {
  beforeRun?(tx: Transaction): void;
  /** Called when the handler has succeeded. */
  beforeCommit?(tx: Transaction, outcome: FunctionOutcome & { ok: true }): void;
}
