import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { freePorts } from "./ports.ts";
import { descendantsOf, isAlive, type Process } from "./processes.ts";

const root = join(import.meta.dirname, "..", "..");
const START_TIMEOUT_MS = 240_000;
/** Ctrl-C ends everything within 3 seconds; a busy machine gets a little more. */
const STOP_TIMEOUT_MS = 15_000;

export interface ProductOptions {
  /** Environment variables besides ports and data folder. */
  readonly env?: Readonly<Record<string, string>>;
  /** The name by which other machines open the page: `--public-url` with the page's port. */
  readonly publicHost?: string;
}

/** The whole product, started as a person starts it, on ports and a data folder of its own. */
export class Product {
  readonly url: string;
  readonly convexUrl: string;
  readonly modelsUrl: string;
  readonly autumnUrl: string;
  readonly dataDir: string;
  readonly #child: ChildProcess;
  readonly #lines: string[] = [];

  private constructor(child: ChildProcess, ports: readonly number[], dataDir: string) {
    const [web, convex, , models, autumn] = ports;
    this.url = `http://127.0.0.1:${web}`;
    this.convexUrl = `http://127.0.0.1:${convex}`;
    this.modelsUrl = `http://127.0.0.1:${models}`;
    this.autumnUrl = `http://127.0.0.1:${autumn}`;
    this.dataDir = dataDir;
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      if (stream) createInterface({ input: stream }).on("line", (line) => this.#lines.push(line));
    }
  }

  /** Returns when the page can be used. */
  static async start(options: ProductOptions = {}): Promise<Product> {
    const ports = await freePorts(5);
    const dataDir = mkdtempSync(join(tmpdir(), "parley-e2e-"));
    const child = spawn(process.execPath, [join("local", "start", "bootstrap.mjs"), "start"], {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...process.env,
        ...NO_REAL_SERVICES,
        ...options.env,
        ...addresses(ports, dataDir, options.publicHost),
      },
    });
    const product = new Product(child, ports, dataDir);
    try {
      await product.waitForLine(`ready ${product.url}`, START_TIMEOUT_MS);
    } catch (error) {
      await product.stop();
      throw error;
    }
    return product;
  }

  /** Everything it printed so far. */
  get output(): string {
    return this.#lines.join("\n");
  }

  /** Opens the deployment to whoever owns it. */
  get adminKey(): string {
    return readFileSync(join(this.dataDir, "deployment", "admin-key"), "utf8").trim();
  }

  /** The process that runs the deployment now. */
  deployment(): Process {
    const found = this.#processes().find(({ command }) => command.includes("deployment/main.ts"));
    if (!found) throw new Error(`No deployment runs.\n${this.output}`);
    return found;
  }

  async waitForLine(part: string, timeoutMs: number): Promise<void> {
    const giveUpAt = Date.now() + timeoutMs;
    while (!this.#lines.some((line) => line.includes(part))) {
      if (this.#child.exitCode !== null) {
        throw new Error(`The product ended with code ${this.#child.exitCode}.\n${this.output}`);
      }
      if (Date.now() > giveUpAt) {
        throw new Error(`No line "${part}" within ${timeoutMs} ms.\n${this.output}`);
      }
      await sleep(25);
    }
  }

  /**
   * Ctrl-C. Removes the data.
   * @throws Error when a process outlives it; those are killed first.
   */
  async stop(): Promise<void> {
    const processes = this.#processes();
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const ended = once(this.#child, "exit");
      this.#child.kill("SIGINT");
      await Promise.race([ended, sleep(STOP_TIMEOUT_MS, undefined, { ref: false })]);
    }
    const left = [{ pid: this.#child.pid ?? 0, command: "bootstrap" }, ...processes].filter(
      ({ pid }) => pid !== 0 && isAlive(pid),
    );
    for (const { pid } of left) process.kill(pid, "SIGKILL");
    rmSync(this.dataDir, { recursive: true, force: true, maxRetries: 3 });
    if (left.length > 0) {
      const names = left.map(({ pid, command }) => `${pid} ${command}`).join("\n");
      throw new Error(`These processes outlived Ctrl-C:\n${names}\n${this.output}`);
    }
  }

  #processes(): Process[] {
    return this.#child.pid === undefined ? [] : descendantsOf(this.#child.pid);
  }
}

/** A developer's own key must not reach a real service from a test. */
const NO_REAL_SERVICES = {
  AZURE_OPENAI_ENDPOINT: "",
  AZURE_OPENAI_KEY: "",
  AZURE_OPENAI_DEPLOYMENT: "",
  AUTUMN_SECRET_KEY: "",
  AUTUMN_API_URL: "",
  AUTUMN_WEBHOOK_SECRET: "",
  NODE_ENV: "",
  HOST: "",
};

function addresses(
  ports: readonly number[],
  dataDir: string,
  publicHost: string | undefined,
): Record<string, string> {
  const [web, convex, site, models, autumn] = ports.map(String);
  return {
    PORT: web ?? "",
    CONVEX_PORT: convex ?? "",
    CONVEX_SITE_PORT: site ?? "",
    MODELS_PORT: models ?? "",
    AUTUMN_PORT: autumn ?? "",
    DATA_DIR: dataDir,
    PUBLIC_URL: publicHost === undefined ? "" : `http://${publicHost}:${web}`,
  };
}
