/** What a model is asked. The last message is the question. */
export interface ModelRequest {
  readonly instructions: string;
  readonly messages: { role: "user" | "assistant"; content: string }[];
  /** Without it the model answers in its own words. */
  readonly format?: ReplyFormat;
}

/** Output that follows a JSON schema: every property required, no others allowed. */
export interface ReplyFormat {
  readonly name: string;
  readonly schema: Record<string, unknown>;
}

/** Token counts as the provider reports them; `completion` includes `reasoning`. */
export interface ModelUsage {
  readonly prompt: number;
  readonly completion: number;
  readonly reasoning: number;
}

export type ReplyEvent =
  /** Never empty, and in whole characters. */
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "usage"; readonly usage: ModelUsage }
  /** The model said that it is done. Without it an answer is not complete. */
  | { readonly kind: "end"; readonly reason: "done" | "length-limit" | "content-filter" };

/** One way to reach a model. */
export interface ModelProvider {
  /**
   * Streams one answer. Aborting `signal` ends the provider's call and the iteration, without an
   * error. Every failure is thrown as a `ModelFailure`; an iteration that ends without one and
   * without abort has had its `end` event.
   */
  streamReply(request: ModelRequest, signal: AbortSignal): AsyncIterable<ReplyEvent>;
}

export type ModelFailureCode =
  | "RATE_LIMITED"
  | "PROVIDER_DOWN"
  | "CONTENT_FILTERED"
  | "CUT_OFF"
  | "STALLED"
  | "NOT_CONFIGURED"
  | "TOO_LONG"
  | "UNEXPECTED";

/** Why a model gave no complete answer. Its message is for the log, its code for the person. */
export class ModelFailure extends Error {
  override readonly name = "ModelFailure";
  readonly code: ModelFailureCode;

  constructor(code: ModelFailureCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
