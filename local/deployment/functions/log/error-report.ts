import type { ExecutionRecord } from "./execution-record.ts";

const MINUTE_MS = 60_000;
/** A function that always fails, or a client that asks for nonsense, is to fill no disk. */
const LINES_A_MINUTE = 100;
const MAX_CHARACTERS = 2_000;
const CONTROL_CHARACTERS = /[^\P{Cc}\n]/gu;

/**
 * Tells whoever runs the deployment what went wrong in functions: errors that were not meant for the
 * caller, and what functions printed as errors and warnings. In production nobody else learns of them.
 */
export class ErrorReport {
  readonly #tell: (line: string) => void;
  #minute = 0;
  #told = 0;
  #untold = 0;

  constructor(tell: (line: string) => void) {
    this.#tell = tell;
  }

  add(execution: ExecutionRecord): void {
    const { error, isRefusal, logLines } = execution;
    const texts = logLines
      .filter(({ level }) => level === "ERROR" || level === "WARN")
      .map(({ messages }) => messages.join(" "));
    if (error !== null && !isRefusal) texts.push(error);
    for (const text of texts) this.#line(`${headOf(execution)} ${onePiece(text)}`);
  }

  #line(line: string): void {
    const minute = Math.floor(Date.now() / MINUTE_MS);
    if (minute !== this.#minute) {
      if (this.#untold > 0) this.#tell(`${this.#untold} more errors of functions were not told.`);
      this.#minute = minute;
      this.#told = 0;
      this.#untold = 0;
    }
    if (this.#told === LINES_A_MINUTE) this.#untold++;
    else {
      this.#told++;
      this.#tell(line);
    }
  }
}

/** The request's id is what a client is told in production. */
function headOf(execution: ExecutionRecord): string {
  const { kind, identifier, componentPath, requestId, startedAt } = execution;
  const path = componentPath === "" ? identifier : `${componentPath}/${identifier}`;
  return `${new Date(startedAt).toISOString()} ${kind} ${path} [Request ID: ${requestId}]`;
}

/** Whatever it says, it looks like no other line, and does nothing to a terminal. */
function onePiece(text: string): string {
  return text.slice(0, MAX_CHARACTERS).replace(CONTROL_CHARACTERS, "").replaceAll("\n", "\n    ");
}
