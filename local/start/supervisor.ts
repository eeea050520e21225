import { spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { StartError } from "./start-error.ts";

/** One process of the product. */
export interface Service {
  readonly name: string;
  readonly args: readonly string[];
  readonly env?: Record<string, string>;
  /** The line that tells that it serves; null when it is ready as soon as it runs. */
  readonly readyLine: RegExp | null;
  /** What it prints that is shown as it comes: all, or once it is ready its errors. */
  readonly shows?: "all" | "errors";
}

const FIRST_RESTART_MS = 250;
const LONGEST_RESTART_MS = 15_000;
/** A process that lived this long has recovered: its next failure starts from the first delay. */
const HEALTHY_AFTER_MS = 60_000;
const START_TIMEOUT_MS = 60_000;
const KILL_AFTER_MS = 2_500;
const REMEMBERED_LINES = 40;

/**
 * Keeps a set of processes running: starts them, starts again what dies (with growing delays, and
 * says so), and stops them all. A child sees its parent's end by its closed IPC channel, so none
 * outlives a parent that is killed.
 */
export class Supervisor {
  readonly #running = new Map<string, ChildProcess>();
  readonly #say: (line: string) => void;
  #stopping = false;

  constructor(say: (line: string) => void) {
    this.#say = say;
  }

  /**
   * Starts a process and waits for its ready line.
   * @throws StartError with what it printed, when it ends before that.
   */
  async start(service: Service): Promise<void> {
    await this.#launch(service, FIRST_RESTART_MS);
  }

  /** Ends every process: SIGTERM, and SIGKILL for one that is still there 2.5 seconds later. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.all([...this.#running.values()].map(endProcess));
  }

  async #launch(service: Service, restartDelay: number): Promise<void> {
    const startedAt = Date.now();
    const child = spawn(process.execPath, service.args, {
      env: { ...process.env, ...service.env },
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    this.#running.set(service.name, child);
    const output = this.#follow(service, child);
    await untilReady(service, child, output);
    child.once("exit", (code, signal) => {
      this.#running.delete(service.name);
      if (this.#stopping) return;
      const delay = Date.now() - startedAt > HEALTHY_AFTER_MS ? FIRST_RESTART_MS : restartDelay;
      this.#restart(service, delay, signal ?? `code ${code}`);
    });
  }

  #restart(service: Service, delay: number, reason: string): void {
    this.#say(`${service.name} ended (${reason}); starting it again in ${delay} ms`);
    const next = Math.min(delay * 2, LONGEST_RESTART_MS);
    setTimeout(() => {
      if (this.#stopping) return;
      this.#launch(service, next).then(
        () => this.#say(`${service.name} runs again`),
        (error: Error) => {
          if (!this.#stopping) this.#restart(service, next, error.message);
        },
      );
    }, delay);
  }

  /** Reads what the process prints; the last lines are kept for the error if it fails. */
  #follow(service: Service, child: ChildProcess): Output {
    const output: Output = { lines: [], onLine: null };
    for (const stream of [child.stdout, child.stderr]) {
      if (!stream) continue;
      createInterface({ input: stream }).on("line", (line) => {
        output.lines.push(line);
        if (output.lines.length > REMEMBERED_LINES) output.lines.shift();
        const isReadyError = stream === child.stderr && output.onLine === null;
        if (service.shows === "all" || (service.shows === "errors" && isReadyError)) {
          this.#say(`[${service.name}] ${line}`);
        }
        output.onLine?.(line);
      });
    }
    return output;
  }
}

interface Output {
  readonly lines: string[];
  onLine: ((line: string) => void) | null;
}

function untilReady(service: Service, child: ChildProcess, output: Output): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      void endProcess(child);
      finish(`${service.name} did not become ready within ${START_TIMEOUT_MS / 1000} s.`);
    }, START_TIMEOUT_MS);
    const finish = (problem: string | null): void => {
      clearTimeout(timer);
      output.onLine = null;
      child.off("close", onClose);
      if (problem === null) resolve();
      else reject(new StartError([problem, ...output.lines].join("\n")));
    };
    const onClose = (): void => finish(`${service.name} could not start:`);
    child.once("close", onClose);
    const { readyLine } = service;
    if (!readyLine) return finish(null);
    output.onLine = (line) => {
      if (readyLine.test(line)) finish(null);
    };
  });
}

async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), KILL_AFTER_MS);
  await ended;
  clearTimeout(timer);
}
