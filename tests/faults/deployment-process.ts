import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { freePorts } from "../product/ports.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const MAIN = join(ROOT, "local", "deployment", "main.ts");
const FLAGS = ["--experimental-vm-modules", "--disable-warning=ExperimentalWarning"];

/** The embedded deployment as a process of its own, which can be killed and started again. */
export class DeploymentProcess {
  readonly url: string;
  /** Its HTTP actions, and the issuer of its tokens. */
  readonly siteUrl: string;
  readonly adminKey = "faults|0123456789abcdef";
  readonly #args: readonly string[];
  #child: ChildProcess | null = null;

  private constructor(dataDir: string, port: number, sitePort: number) {
    this.url = `http://127.0.0.1:${port}`;
    this.siteUrl = `http://127.0.0.1:${sitePort}`;
    this.#args = [
      ...["--port", String(port), "--site-port", String(sitePort)],
      ...["--data", dataDir, "--packages", ROOT, "--admin-key", this.adminKey],
    ];
  }

  /** On ports that were free a moment ago; the process keeps them over restarts. */
  static async start(dataDir: string): Promise<DeploymentProcess> {
    const [port = 0, sitePort = 0] = await freePorts(2);
    const deployment = new DeploymentProcess(dataDir, port, sitePort);
    await deployment.start();
    return deployment;
  }

  /** The process that runs now. */
  get pid(): number {
    if (this.#child?.pid === undefined || this.#child.exitCode !== null) {
      throw new Error("The deployment does not run.");
    }
    return this.#child.pid;
  }

  /** Resolves when it is ready. */
  async start(): Promise<void> {
    const child = spawn(process.execPath, [...FLAGS, MAIN, ...this.#args], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child = child;
    await new Promise<void>((resolve, reject) => {
      let output = "";
      const read = (piece: Buffer) => {
        output += piece.toString();
        if (/^ready /m.test(output)) resolve();
      };
      child.stdout.on("data", read);
      child.stderr.on("data", read);
      child.once("exit", (code) => reject(new Error(`It ended with ${code}:\n${output}`)));
    });
  }

  /** As a power cut would end it: nothing is flushed, nobody is told. */
  kill(): Promise<void> {
    return this.#end("SIGKILL");
  }

  /** As a supervisor would end it. */
  stop(): Promise<void> {
    return this.#end("SIGTERM");
  }

  async #end(signal: "SIGKILL" | "SIGTERM"): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child === null || child.exitCode !== null) return;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill(signal);
    await gone;
  }
}
