import { wholeCharacters } from "../lib/characters";
import { SECOND_MS } from "../lib/time";
import { ANSWER_MAX_CHARACTERS } from "./limits";

/** What an append carries: new text under a number that makes it count once. */
export interface Chunk {
  readonly sequence: number;
  readonly text: string;
}

/** What an append that was wanted tells. */
export interface Written {
  /** How many more answers are being written for the same person; `null` unless that was asked. */
  readonly beside: number | null;
}

type Append = (chunk: Chunk | null, asksBeside: boolean) => Promise<Written | null>;

/** An append starts at the latest this long after the one before it, while there is text. */
const APPEND_INTERVAL_MS = 50;
/** Or as soon as this many tokens wait. */
const APPEND_TOKENS = 10;
/** But a deployment that is busy, and pages that are, get their rest: so many times what the append took… */
const REST_FACTOR = 3;
/** …and never longer than this. */
const REST_AT_MOST_MS = 500;
/**
 * Nobody reads many answers at once, but what draws them is often one browser. An append rests at
 * least so long for each answer that is written beside it for the same person.
 */
const REST_BESIDE_MS = 40;
/** How many there are is asked this often. */
const ASK_INTERVAL_MS = SECOND_MS;
/** With no text to append, the stream is asked this often whether the answer is still wanted. */
const BEAT_INTERVAL_MS = 0.8 * SECOND_MS;
/** Appends that fail in a row before the writer gives up. */
const MAX_FAILURES = 5;

/**
 * Carries a model's text to the stream: the first token at once, then in appends of a few tokens,
 * one in flight at a time; what comes meanwhile joins the next. An append that fails is sent again
 * as it was, under its number.
 */
export class StreamWriter {
  readonly #append: Append;
  readonly #onUnwanted: () => void;
  #text = "";
  #appendedLength = 0;
  #tokensWaiting = 0;
  #sequence = 0;
  #nextAppendAt = 0;
  #restUntil = 0;
  #nextBeatAt = Date.now() + BEAT_INTERVAL_MS;
  #beside = 0;
  #nextAskAt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** When the timer ends, in Unix milliseconds; 0 when none runs. */
  #plannedFor = 0;
  #inFlight: Promise<void> | null = null;
  #retry: Chunk | null = null;
  #failures = 0;
  #closed = false;

  /**
   * @param append writes a chunk, or with `null` only says that the writer is alive; gives `null`
   * when the answer is no longer wanted
   * @param onUnwanted called when it is not, or when appends keep failing
   */
  constructor(append: Append, onUnwanted: () => void) {
    this.#append = append;
    this.#onUnwanted = onUnwanted;
    this.#plan();
  }

  /** All text so far. */
  get text(): string {
    return this.#text;
  }

  /** @returns whether there was room for it in the answer; what has none is left out */
  write(token: string): boolean {
    const fits = wholeCharacters(token, ANSWER_MAX_CHARACTERS - this.#text.length);
    this.#text += fits;
    this.#tokensWaiting += 1;
    this.#plan();
    return fits === token;
  }

  /** Stops writing. What was not appended is in `text`; the stream's end carries it. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#inFlight;
  }

  /** Sends what is due, or waits until something is. */
  #plan(): void {
    if (this.#closed || this.#inFlight !== null) return;
    const dueAt = this.#dueAt();
    const wait = dueAt - Date.now();
    // Most tokens change nothing: they go with the append that is planned.
    if (wait > 0 && dueAt === this.#plannedFor) return;
    clearTimeout(this.#timer);
    this.#plannedFor = 0;
    if (wait <= 0) return this.#send();
    this.#plannedFor = dueAt;
    this.#timer = setTimeout(() => {
      this.#plannedFor = 0;
      this.#plan();
    }, wait);
  }

  #dueAt(): number {
    if (this.#retry !== null) return this.#nextAppendAt;
    if (this.#text.length === this.#appendedLength) return this.#nextBeatAt;
    return this.#tokensWaiting >= APPEND_TOKENS ? this.#restUntil : this.#nextAppendAt;
  }

  #send(): void {
    const chunk = this.#retry ?? this.#takeWaiting();
    const startedAt = Date.now();
    this.#nextBeatAt = startedAt + BEAT_INTERVAL_MS;
    const asksBeside = startedAt >= this.#nextAskAt;
    if (asksBeside) this.#nextAskAt = startedAt + ASK_INTERVAL_MS;
    this.#inFlight = this.#append(chunk, asksBeside).then(
      (written) => {
        this.#beside = written?.beside ?? this.#beside;
        this.#rest(startedAt);
        this.#succeeded(written !== null);
      },
      (error: unknown) => {
        this.#rest(startedAt);
        this.#failed(chunk, error);
      },
    );
  }

  #rest(startedAt: number): void {
    const endedAt = Date.now();
    const ofWork = Math.min(REST_FACTOR * (endedAt - startedAt), REST_AT_MOST_MS);
    this.#restUntil = endedAt + Math.max(ofWork, REST_BESIDE_MS * this.#beside);
    this.#nextAppendAt = Math.max(startedAt + APPEND_INTERVAL_MS, this.#restUntil);
  }

  #takeWaiting(): Chunk | null {
    const text = this.#text.slice(this.#appendedLength);
    if (text === "") return null;
    this.#appendedLength += text.length;
    this.#tokensWaiting = 0;
    return { sequence: this.#sequence++, text };
  }

  #succeeded(wanted: boolean): void {
    this.#inFlight = null;
    this.#retry = null;
    this.#failures = 0;
    if (wanted) this.#plan();
    else this.#onUnwanted();
  }

  #failed(chunk: Chunk | null, error: unknown): void {
    console.warn("An append to a stream failed.", error);
    this.#inFlight = null;
    this.#retry = chunk;
    this.#failures += 1;
    if (this.#failures >= MAX_FAILURES) this.#onUnwanted();
    else this.#plan();
  }
}
