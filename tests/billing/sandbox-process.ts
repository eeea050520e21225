import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

const MAIN = join(import.meta.dirname, "..", "..", "local", "autumn", "main.ts");
const ROOT = join(import.meta.dirname, "..", "..");

/** An invoice as the sandbox's state tells it; its README has the rest. */
export interface SandboxInvoice {
  readonly stripeId: string;
  readonly customerId: string;
  readonly planIds: readonly string[];
  readonly status: "paid" | "open" | "void";
  readonly total: number;
  readonly amountPaid: number;
  readonly refundedAmount: number;
}

export interface SandboxMessage {
  readonly id: string;
  readonly customerId: string;
  readonly body: string;
  readonly state: "pending" | "delivered" | "failed" | "dropped";
}

export interface SandboxOptions {
  readonly port: number;
  readonly file: string;
  readonly webhookUrl: string;
  readonly secretKey: string;
  readonly webhookSecret: string;
}

/** What can be asked of a running sandbox besides Autumn's API. */
export class SandboxControl {
  readonly url: string;

  constructor(url: string) {
    this.url = url;
  }

  async faults(faults: object): Promise<void> {
    await this.post("faults", faults);
  }

  /** Of one customer, or of everybody; newest last. */
  async invoices(customerId?: string): Promise<SandboxInvoice[]> {
    const { invoices } = (await this.get("state")) as { invoices: SandboxInvoice[] };
    return invoices.filter((it) => customerId === undefined || it.customerId === customerId);
  }

  async messages(customerId: string): Promise<SandboxMessage[]> {
    const messages = (await this.get("messages")) as SandboxMessage[];
    return messages.filter((message) => message.customerId === customerId);
  }

  async get(path: string): Promise<unknown> {
    return await (await fetch(`${this.url}/control/${path}`)).json();
  }

  async post(path: string, body: object = {}): Promise<unknown> {
    const response = await fetch(`${this.url}/control/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
    return await response.json();
  }
}

/** Presses a button of a checkout page. @returns whether the page was still open. */
export async function press(checkoutUrl: string, action: "pay" | "decline" | "cancel") {
  const body = new URLSearchParams({ action });
  const response = await fetch(checkoutUrl, { method: "POST", body, redirect: "manual" });
  await response.arrayBuffer();
  return response.status === 303;
}

/** The Autumn sandbox as a process of its own. */
export class SandboxProcess extends SandboxControl {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, url: string) {
    super(url);
    this.#child = child;
  }

  static async start(options: SandboxOptions): Promise<SandboxProcess> {
    const { port, file, webhookUrl, secretKey, webhookSecret } = options;
    const args = ["--port", String(port), "--file", file, "--webhook-url", webhookUrl];
    const child = spawn(
      process.execPath,
      ["--disable-warning=ExperimentalWarning", MAIN, ...args],
      {
        cwd: ROOT,
        stdio: ["ignore", "pipe", "inherit"],
        env: {
          ...process.env,
          NODE_ENV: "",
          AUTUMN_SECRET_KEY: secretKey,
          AUTUMN_WEBHOOK_SECRET: webhookSecret,
        },
      },
    );
    const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
    return new SandboxProcess(child, line.replace("ready ", ""));
  }

  async stop(): Promise<void> {
    const gone = once(this.#child, "exit");
    this.#child.kill("SIGKILL");
    await gone;
  }
}
