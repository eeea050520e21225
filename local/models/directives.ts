/** What goes wrong with an answer, and when. */
export type Fault =
  /** An HTTP error instead of an answer. */
  | { readonly kind: "status"; readonly status: number }
  /** Status 400 with the code of the content filter. */
  | { readonly kind: "prompt-filtered" }
  /** The answer begins, then ends with finish_reason `content_filter`. */
  | { readonly kind: "answer-filtered"; readonly afterTokens: number }
  /** The connection is destroyed in the middle of the answer. */
  | { readonly kind: "cut"; readonly afterTokens: number }
  /** The answer to a JSON schema breaks off in the middle, as if it were whole. */
  | { readonly kind: "malformed" }
  /** The answer falls silent and the connection stays open. */
  | { readonly kind: "stall"; readonly afterTokens: number };

/** What a question asks of the server itself. */
export interface Directives {
  readonly fault: Fault | null;
  /** For how many calls with this same question the fault happens; later ones are answered. */
  readonly faultTimes: number;
  readonly length: { readonly unit: "tokens" | "characters"; readonly count: number } | null;
  /** Null: at the server's own pace. */
  readonly tokensPerSecond: number | null;
}

const DEFAULT_FAULT_AFTER_TOKENS = 20;
const LONGEST_ANSWER = 400_000;
const FASTEST_TOKENS_PER_SECOND = 10_000;
const TIMES: Readonly<Record<string, number>> = { once: 1, twice: 2 };

/** Reads the directives of a question. `README.md` beside this file lists their wording. */
export function readDirectives(question: string): Directives {
  return {
    fault: readFault(question),
    faultTimes: readTimes(question),
    length: readLength(question),
    tokensPerSecond: readPace(question),
  };
}

function readFault(question: string): Fault | null {
  const afterTokens = number(/\bafter (\d+) tokens?\b/i, question) ?? DEFAULT_FAULT_AFTER_TOKENS;
  const status = number(/\bplease fail with (?:an? )?([45]\d\d)\b/i, question);
  if (status !== null) return { kind: "status", status };
  if (/\bplease fail with (?:the |a )?content filter\b/i.test(question)) {
    return { kind: "prompt-filtered" };
  }
  if (/\bplease filter the answer\b/i.test(question)) {
    return { kind: "answer-filtered", afterTokens };
  }
  if (/\bplease answer malformed\b/i.test(question)) return { kind: "malformed" };
  if (/\bplease cut the answer\b/i.test(question)) return { kind: "cut", afterTokens };
  if (/\bplease never begin\b/i.test(question)) return { kind: "stall", afterTokens: 0 };
  if (/\bplease stall\b/i.test(question)) return { kind: "stall", afterTokens };
  return null;
}

function readTimes(question: string): number {
  const word = /\b(once|twice)\b/i.exec(question)?.[1]?.toLowerCase();
  if (word) return TIMES[word] ?? 1;
  return number(/\b(\d+) times\b/i, question) ?? Number.POSITIVE_INFINITY;
}

function readLength(question: string): Directives["length"] {
  const match = /\banswer with (\d+) (tokens?|characters?)\b/i.exec(question);
  if (!match) return null;
  const unit = match[2]?.toLowerCase().startsWith("token") ? "tokens" : "characters";
  return { unit, count: Math.min(Number(match[1]), LONGEST_ANSWER) };
}

function readPace(question: string): number | null {
  const pace = number(/\bat (\d+) tokens a second\b/i, question);
  return pace === null ? null : Math.max(1, Math.min(pace, FASTEST_TOKENS_PER_SECOND));
}

function number(pattern: RegExp, text: string): number | null {
  const digits = pattern.exec(text)?.[1];
  return digits === undefined ? null : Number(digits);
}
