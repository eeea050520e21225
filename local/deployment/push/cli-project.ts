import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const ROOT = join(import.meta.dirname, "..", "..", "..");
const CLI = join(ROOT, "node_modules", "convex", "bin", "main.js");

/** How a command of the CLI ended. */
export interface CliResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A project in a temporary folder, for tests that use the official CLI as people do. */
export class CliProject {
  readonly folder = mkdtempSync(join(tmpdir(), "parley-project-"));
  readonly #environment: Record<string, string | undefined>;
  readonly #children: ChildProcess[] = [];

  constructor(deployment: { readonly url: string; readonly adminKey: string }) {
    symlinkSync(join(ROOT, "node_modules"), join(this.folder, "node_modules"), "junction");
    this.write("package.json", '{"type":"module","dependencies":{"convex":"1.48.0"}}');
    this.#environment = {
      PATH: process.env["PATH"],
      NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"],
      HOME: this.folder,
      CI: "1",
      CONVEX_SELF_HOSTED_URL: deployment.url,
      CONVEX_SELF_HOSTED_ADMIN_KEY: deployment.adminKey,
    };
  }

  write(path: string, text: string): void {
    const file = join(this.folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  remove(path: string): void {
    rmSync(join(this.folder, path));
  }

  read(path: string): string {
    return readFileSync(join(this.folder, path), "utf8");
  }

  /** Runs a command of the CLI to its end, whatever that is. */
  run(...args: string[]): Promise<CliResult> {
    return new Promise((resolve) => {
      const options = { cwd: this.folder, env: this.#environment };
      const child = execFile(process.execPath, [CLI, ...args], options, (_error, stdout, stderr) =>
        resolve({ code: child.exitCode ?? 1, stdout, stderr }),
      );
      child.stdin?.end();
    });
  }

  /** Runs a command that must succeed. Fails with what the CLI said. */
  async succeed(...args: string[]): Promise<CliResult> {
    const result = await this.run(...args);
    if (result.code !== 0) throw new Error(result.stdout + result.stderr);
    return result;
  }

  /** Pushes the project. Fails with what the CLI said. */
  async push(): Promise<CliResult> {
    return this.succeed("dev", "--once", "--typecheck", "disable");
  }

  /** Starts a command that goes on until the project is disposed of, and gives what it prints. */
  start(...args: string[]): { output(): string } {
    const child = spawn(process.execPath, [CLI, ...args], {
      cwd: this.folder,
      env: this.#environment,
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#children.push(child);
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => (output += text));
    }
    return { output: () => output };
  }

  async dispose(): Promise<void> {
    for (const child of this.#children) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const ended = new Promise((resolve) => child.once("close", resolve));
      child.kill("SIGKILL");
      await ended;
    }
    rmSync(this.folder, { recursive: true });
  }
}
