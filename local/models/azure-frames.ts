/** What every frame of one completion repeats. */
export interface Completion {
  readonly id: string;
  readonly model: string;
  /** Seconds since 1970. */
  readonly created: number;
}

export type FinishReason = "stop" | "length" | "content_filter";

/** Tokens of one completion; `reasoning` is part of what the service calls completion tokens. */
export interface Usage {
  readonly prompt: number;
  readonly reasoning: number;
  readonly text: number;
}

const SAFE = {
  hate: { filtered: false, severity: "safe" },
  self_harm: { filtered: false, severity: "safe" },
  sexual: { filtered: false, severity: "safe" },
  violence: { filtered: false, severity: "safe" },
};

/** The stream's first frame: what the content filter says of the prompt, and no choice at all. */
export function promptFilterFrame(): object {
  return {
    choices: [],
    created: 0,
    id: "",
    model: "",
    object: "",
    prompt_filter_results: [{ prompt_index: 0, content_filter_results: SAFE }],
  };
}

export function roleFrame(completion: Completion): object {
  return frame(completion, { role: "assistant", content: "", refusal: null }, null);
}

export function textFrame(completion: Completion, text: string): object {
  return frame(completion, { content: text }, null);
}

export function finishFrame(completion: Completion, reason: FinishReason): object {
  return frame(completion, {}, reason);
}

/** The last frame when usage was asked for: again without a choice. */
export function usageFrame(completion: Completion, usage: Usage): object {
  return { ...head(completion), choices: [], usage: usageObject(usage) };
}

/** The whole answer of a call that does not stream. */
export function wholeCompletion(
  completion: Completion,
  content: string,
  reason: FinishReason,
  usage: Usage,
): object {
  return {
    ...head(completion),
    object: "chat.completion",
    prompt_filter_results: [{ prompt_index: 0, content_filter_results: SAFE }],
    choices: [
      {
        index: 0,
        message: { role: "assistant", content, refusal: null, annotations: [] },
        finish_reason: reason,
        logprobs: null,
        content_filter_results: SAFE,
      },
    ],
    usage: usageObject(usage),
  };
}

/** An event of the stream, as bytes on the wire have it. */
export function serverSentEvent(data: object | "[DONE]"): string {
  return `data: ${data === "[DONE]" ? data : JSON.stringify(data)}\n\n`;
}

function frame(completion: Completion, delta: object, reason: FinishReason | null): object {
  return {
    ...head(completion),
    choices: [
      { index: 0, delta, finish_reason: reason, logprobs: null, content_filter_results: {} },
    ],
  };
}

function head({ id, model, created }: Completion): object {
  return { id, object: "chat.completion.chunk", created, model, system_fingerprint: null };
}

function usageObject({ prompt, reasoning, text }: Usage): object {
  return {
    prompt_tokens: prompt,
    completion_tokens: reasoning + text,
    total_tokens: prompt + reasoning + text,
    prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: reasoning,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}
