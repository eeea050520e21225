import type { FunctionCall, FunctionOutcome } from "../functions/call.ts";
import { decodeTimestamp } from "../values/timestamp.ts";
import { Attention } from "./attention.ts";
import type { Connection, SyncServices } from "./connection.ts";
import * as frames from "./frames.ts";
import { MutationQueue } from "./mutation-queue.ts";
import { parseClientMessage, ProtocolError } from "./protocol.ts";
import type { Call, ClientMessage, Credentials, QuerySetChange } from "./protocol.ts";
import { ANONYMOUS, type SessionIdentity } from "./session-identity.ts";
import { TransitionLoop } from "./transition-loop.ts";

/** Requests of one socket that may wait for their turn. */
const MAX_WAITING = 1000;
const PING_AFTER_MS = 15_000;

const CLOSE_INTERNAL_ERROR = 1011;
const CLOSE_TRY_AGAIN = 1013;
const CLOSE_POLICY = 1008;

/**
 * One client's socket, from Connect to close: takes its messages strictly in order and answers
 * them. What it watches is the {@link TransitionLoop}'s.
 */
export class SyncSession {
  readonly #connection: Connection;
  readonly #services: SyncServices;
  readonly #loop: TransitionLoop;
  readonly #mutations: MutationQueue;
  readonly #attention = new Attention();
  /** Null until the client has said Connect. */
  #sessionId: string | null = null;
  #identity: SessionIdentity = ANONYMOUS;
  #runningActions = 0;
  #lastSentAt = Date.now();
  /** Messages wait here while a token is being verified. */
  #waiting: string[] | null = null;
  #isClosed = false;

  constructor(connection: Connection, services: SyncServices) {
    this.#services = services;
    this.#connection = connection;
    this.#mutations = new MutationQueue(
      services.database,
      services.runner,
      services.sessionRequests,
      () => connection.room,
    );
    this.#loop = new TransitionLoop(services, {
      send: (text, onSent) => this.#send(text, onSent),
      onExpired: (expired) => this.#endWithAuthError(expired, false),
      onFailed: (error) => this.#endWithInternalError(error),
    });
  }

  /** Requests that are being worked on. A server that closes waits for them a while. */
  get isBusy(): boolean {
    return this.#mutations.length > 0 || this.#runningActions > 0;
  }

  /** One frame from the client. */
  receive(text: string): void {
    if (this.#isClosed) return;
    if (this.#waiting !== null) {
      this.#waiting.push(text);
      return;
    }
    try {
      this.#handle(parseClientMessage(text));
    } catch (error) {
      if (error instanceof ProtocolError) this.#endWithFatalError(error.message);
      else this.#endWithInternalError(error);
    }
  }

  /** Keeps a quiet socket from looking dead. @param now in milliseconds. */
  tick(now: number): void {
    if (now - this.#lastSentAt >= PING_AFTER_MS) this.#send(frames.PING_TEXT);
  }

  /** The socket is gone: nothing more can be sent. */
  onClosed(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#loop.close();
    const sessionId = this.#sessionId;
    if (sessionId === null) return;
    void this.#mutations.drained().then(() => this.#services.sessionRequests.leave(sessionId));
  }

  #handle(message: ClientMessage): void {
    if (message.type === "Connect") return this.#connect(message);
    if (this.#sessionId === null) throw new ProtocolError("NotConnected: say Connect first.");
    switch (message.type) {
      case "Authenticate":
        return this.#authenticate(message);
      case "ModifyQuerySet":
        return this.#modifyQuerySet(message);
      case "Mutation":
        return this.#mutate(message.requestId, message);
      case "Action":
        return this.#act(message.requestId, message);
      case "Event":
        return;
    }
  }

  #connect(message: ClientMessage & { type: "Connect" }): void {
    if (this.#sessionId !== null) throw new ProtocolError("AlreadyConnected: Connect comes once.");
    const { sessionId, connectionCount, maxObservedTimestamp, clientTs } = message;
    this.#sessionId = sessionId;
    this.#services.sessionRequests.enter(sessionId, connectionCount > 0);
    this.#loop.clientClockSkewMs = Math.round(clientTs - Date.now());
    if (maxObservedTimestamp === null) return;
    if (observedTimestamp(maxObservedTimestamp) <= this.#services.database.durableTs) return;
    this.#end(CLOSE_INTERNAL_ERROR, "InternalServerError: the client is ahead of the database");
  }

  #authenticate(message: ClientMessage & { type: "Authenticate" }): void {
    if (message.baseVersion !== this.#loop.identityVersion) {
      throw new ProtocolError("BaseVersionMismatch: Authenticate is not based on the last one.");
    }
    this.#waiting = [];
    void this.#verify(message);
  }

  async #verify(credentials: Credentials): Promise<void> {
    try {
      this.#identity = await this.#services.authenticate(credentials);
    } catch (error) {
      this.#endWithAuthError(messageOf(error), true);
      return;
    }
    this.#loop.setIdentity(this.#identity);
    this.#resume();
  }

  /** Goes on with what came while the token was being verified. */
  #resume(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = null;
    for (const text of waiting) this.receive(text);
  }

  #modifyQuerySet(message: ClientMessage & { type: "ModifyQuerySet" }): void {
    const { baseVersion, newVersion, modifications } = message;
    if (baseVersion !== this.#loop.querySetVersion) {
      throw new ProtocolError("BaseVersionMismatch: ModifyQuerySet is not based on the last one.");
    }
    if (newVersion <= baseVersion) {
      throw new ProtocolError("BadVersion: a new query set needs a greater version.");
    }
    for (const change of modifications) this.#change(change);
    this.#loop.setQuerySetVersion(newVersion);
  }

  #change(change: QuerySetChange): void {
    if (change.type === "Remove") return this.#loop.remove(change.queryId);
    this.#demandRoot(change);
    this.#loop.add(change.queryId, change, change.journal);
  }

  #mutate(requestId: number, call: Call): void {
    if (this.#mutations.length >= MAX_WAITING) {
      return this.#end(CLOSE_TRY_AGAIN, "TooManyConcurrentMutations");
    }
    if (this.#isExpired()) return;
    this.#attention.asked();
    const mutation = {
      request: { sessionId: this.#sessionId!, requestId },
      call: this.#functionCall(call),
    };
    const answered = this.#mutations.push(mutation, (outcome) => {
      // The client lets go of the mutation only when a transition follows its answer. It is asked
      // for first, so that both leave together.
      if (outcome.ok) this.#loop.demandTransition();
      this.#send(frames.responseText("MutationResponse", requestId, outcome, outcome.ts ?? null));
      this.#attention.answered();
    });
    answered.catch((error: unknown) => this.#endWithInternalError(error));
  }

  #act(requestId: number, call: Call): void {
    if (this.#runningActions >= MAX_WAITING) {
      return this.#end(CLOSE_TRY_AGAIN, "TooManyConcurrentRequests");
    }
    if (this.#isExpired()) return;
    this.#runningActions++;
    this.#runAction(this.#functionCall(call))
      .then((outcome) => {
        if (outcome === null) return;
        this.#send(frames.responseText("ActionResponse", requestId, outcome, null));
      })
      .catch((error: unknown) => this.#endWithInternalError(error))
      .finally(() => this.#runningActions--);
  }

  /** Not before its answer would be taken; null when nobody is there any more. */
  async #runAction(call: FunctionCall): Promise<FunctionOutcome | null> {
    const { room } = this.#connection;
    if (room !== null) await room;
    return this.#isClosed ? null : this.#services.runner.runAction(call);
  }

  #functionCall(call: Call): FunctionCall {
    this.#demandRoot(call);
    const { udfPath: path, componentPath, args } = call;
    const { request } = this.#connection;
    return { path, componentPath, args, request, ...this.#identity };
  }

  #demandRoot({ componentPath }: Call): void {
    if (componentPath === "" || this.#identity.caller === "admin") return;
    throw new ProtocolError("Forbidden: only the admin may call into a component.");
  }

  #isExpired(): boolean {
    const { identity } = this.#identity;
    if (identity?.expiresAt === undefined || Date.now() < identity.expiresAt) return false;
    this.#endWithAuthError("The token has expired.", false);
    return true;
  }

  #send(text: string, onSent?: () => void): void {
    if (this.#isClosed) return;
    if (this.#connection.isFull) return this.#end(CLOSE_TRY_AGAIN, "TooMuchUntaken");
    this.#lastSentAt = Date.now();
    this.#connection.send(text, onSent);
  }

  #endWithAuthError(error: string, authUpdateAttempted: boolean): void {
    this.#send(frames.authErrorText(error, this.#loop.identityVersion, authUpdateAttempted));
    this.#end(CLOSE_POLICY, "AuthError");
  }

  #endWithFatalError(error: string): void {
    this.#send(frames.fatalErrorText(error));
    this.#end(CLOSE_POLICY, error.slice(0, 100));
  }

  #endWithInternalError(error: unknown): void {
    if (this.#isClosed) return;
    this.#services.onInternalError(error);
    this.#end(CLOSE_INTERNAL_ERROR, "InternalServerError");
  }

  #end(code: number, reason: string): void {
    if (this.#isClosed) return;
    this.onClosed();
    this.#connection.close(code, reason);
  }
}

function observedTimestamp(text: string): bigint {
  try {
    return decodeTimestamp(text);
  } catch {
    throw new ProtocolError("BadTimestamp: maxObservedTimestamp is not a timestamp.");
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
