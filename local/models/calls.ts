import type { RequestMessage } from "./request.ts";

/** `aborted`: the client went away before the answer was whole. `failed`: a fault that was asked for. */
export type CallState = "running" | "finished" | "aborted" | "failed";

/** One call as the control endpoint tells it. Times are milliseconds since 1970. */
export interface Call {
  /** The completion's own id, as the client sees it in every frame. */
  readonly id: string;
  readonly deployment: string;
  readonly stream: boolean;
  readonly messages: readonly RequestMessage[];
  readonly startedAt: number;
  state: CallState;
  endedAt: number | null;
  finishReason: string | null;
  /** Exactly what was sent so far. */
  text: string;
  /** When each token of `text` was handed to the socket. */
  readonly sentAt: number[];
  /** The tokens themselves, in step with `sentAt`. */
  readonly tokens: string[];
}

const REMEMBERED_CALLS = 500;

/** Remembers the newest calls, so that a test can see what was asked, sent and ended. */
export class CallLog {
  readonly #calls: Call[] = [];

  open(call: Pick<Call, "id" | "deployment" | "stream" | "messages">): Call {
    const opened: Call = {
      ...call,
      startedAt: Date.now(),
      state: "running",
      endedAt: null,
      finishReason: null,
      text: "",
      sentAt: [],
      tokens: [],
    };
    this.#calls.push(opened);
    if (this.#calls.length > REMEMBERED_CALLS) this.#calls.shift();
    return opened;
  }

  /** Ends a call; the first reason counts. */
  close(call: Call, state: Exclude<CallState, "running">): void {
    if (call.state !== "running") return;
    call.state = state;
    call.endedAt = Date.now();
  }

  /** Oldest first. */
  list(): readonly Call[] {
    return this.#calls;
  }
}
