import { inspect } from "node:util";

export type LogLevel = "DEBUG" | "ERROR" | "WARN" | "INFO" | "LOG";

/** A line as the CLI's `logs` receives it. */
export interface LogLine {
  readonly messages: string[];
  readonly isTruncated: boolean;
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
  readonly level: LogLevel;
}

/** Convex's limits on what one execution may print. */
const MAX_LINES = 256;
const MAX_LINE_BYTES = 32_768;

/** Values as a console prints them: strings quoted, objects inspected. */
export function printed(values: readonly unknown[]): string[] {
  return values.map((value) => inspect(value, { breakLength: Infinity }));
}

/** What one execution, with the functions it calls in its own transaction, printed. */
export class Log {
  readonly #lines: LogLine[] = [];

  get lines(): readonly LogLine[] {
    return this.#lines;
  }

  add(level: LogLevel, messages: string[]): void {
    if (this.#lines.length === MAX_LINES) return;
    const timestamp = Date.now();
    if (this.#lines.length === MAX_LINES - 1) {
      const notice = `Log overflow (maximum ${MAX_LINES}). Remaining log lines omitted.`;
      this.#lines.push({ messages: [notice], isTruncated: false, timestamp, level: "ERROR" });
      return;
    }
    if (Buffer.byteLength(messages.join(" ")) <= MAX_LINE_BYTES) {
      this.#lines.push({ messages, isTruncated: false, timestamp, level });
      return;
    }
    const cut = truncated(messages);
    this.#lines.push({ messages: cut, isTruncated: true, timestamp, level });
  }

  /** The form in which clients receive lines: `[LOG] 'text' { a: 1 }`. */
  texts(): string[] {
    return this.#lines.map(({ level, messages }) => `[${level}] ${messages.join(" ")}`);
  }
}

/** As many messages as fit into one line, the last of them cut at a whole character. */
function truncated(messages: readonly string[]): string[] {
  const kept: string[] = [];
  let room = MAX_LINE_BYTES;
  for (const message of messages) {
    const bytes = Buffer.from(message);
    if (bytes.length > room) {
      let end = Math.max(room, 0);
      while (end > 0 && (bytes[end]! & 0xc0) === 0x80) end--;
      kept.push(bytes.toString("utf8", 0, end));
      break;
    }
    kept.push(message);
    room -= bytes.length + 1;
  }
  return kept;
}
