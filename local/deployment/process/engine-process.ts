/** For the tests of the engine: the deployment as a process of its own, and what it runs. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, vi } from "vitest";
import { CliProject } from "../push/cli-project.ts";

const MAIN = join(import.meta.dirname, "..", "main.ts");

export class EngineProcess {
  readonly url: string;
  readonly project: CliProject;
  readonly #child: ChildProcess;
  readonly #dataDir: string;
  readonly #printed: () => string;

  private constructor(
    url: string,
    parts: { child: ChildProcess; dataDir: string; printed: () => string },
  ) {
    this.url = url;
    this.#child = parts.child;
    this.#dataDir = parts.dataDir;
    this.#printed = parts.printed;
    const adminKey = readFileSync(join(parts.dataDir, "admin-key"), "utf8").trim();
    this.project = new CliProject({ url, adminKey });
  }

  /**
   * Returns when the functions are pushed.
   *
   * @param files what to push, by path
   * @param nodeFlags of the process beside those that it needs
   * @param args of the deployment beside ports and folder
   */
  static async start(
    files: Readonly<Record<string, string>>,
    nodeFlags: readonly string[],
    args: readonly string[],
  ): Promise<EngineProcess> {
    const dataDir = mkdtempSync(join(tmpdir(), "parley-engine-"));
    const flags = ["--experimental-vm-modules", "--disable-warning=ExperimentalWarning"];
    const own = ["--port", "0", "--site-port", "0", "--data", dataDir];
    const child = spawn(process.execPath, [...flags, ...nodeFlags, MAIN, ...own, ...args], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => (output += text));
    }
    const url = await vi.waitFor(() => {
      const [, address] = /^ready (\S+)$/m.exec(output) ?? [];
      expect(address).toBeDefined();
      return address!;
    }, 15_000);
    const engine = new EngineProcess(url, { child, dataDir, printed: () => output });
    for (const [path, text] of Object.entries(files)) engine.project.write(path, text);
    await engine.project.push();
    return engine;
  }

  /** All that it has printed. */
  get output(): string {
    return this.#printed();
  }

  /** How often the deployment was started again. */
  get restarts(): number {
    return this.output.match(/started again/g)?.length ?? 0;
  }

  async stop(): Promise<void> {
    await this.project.dispose();
    const ended = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#child.kill("SIGTERM");
    expect(await ended).toBe(0);
    rmSync(this.#dataDir, { recursive: true });
  }
}
