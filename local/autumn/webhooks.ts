import { randomBytes } from "node:crypto";
import { Webhook } from "standardwebhooks";
import { NO_FAULTS, type WebhookFaults } from "./faults.ts";
import type { Message } from "./records.ts";
import type { Store } from "./store.ts";

/** Where and how messages are sent. */
export interface Destination {
  readonly url: string;
  /** `whsec_` and base64. */
  readonly secret: string;
}

/** An event as it is written when it happens, in the transaction of what it tells of. */
export interface Event {
  readonly type: string;
  readonly customerId: string;
  readonly data: unknown;
}

/** Waits before each further attempt, in milliseconds. Shorter than the service's own. */
const RETRY_AFTER_MS = [500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000, 300_000];
const ANSWER_WITHIN_MS = 15_000;
const STALE_MS = 10 * 60_000;
const REMEMBERED_ATTEMPTS = 20;

/**
 * Sends signed messages as Svix does: each until it is answered with a 2xx, with growing waits. What
 * was not delivered when the process ended is sent after the next start.
 */
export class WebhookSender {
  faults: WebhookFaults = NO_FAULTS.webhooks;
  readonly #store: Store;
  readonly #destination: Destination | null;
  readonly #timers = new Map<string, NodeJS.Timeout>();
  #closed = false;

  constructor(store: Store, destination: Destination | null) {
    this.#store = store;
    this.#destination = destination;
    for (const message of store.list("message")) this.#plan(message);
  }

  /** Writes messages, in the caller's transaction. `release` sends them once that is on disk. */
  write(events: readonly Event[]): Message[] {
    return events.flatMap((event) => {
      const copies = 1 + this.faults.repeats;
      return Array.from({ length: copies }, () => this.#write(event));
    });
  }

  release(messages: readonly Message[]): void {
    for (const message of messages) this.#plan(message);
  }

  /** Sends a message again, `times` at once and as it was: what a replay would do. */
  async replay(message: Message, times: number): Promise<void> {
    await Promise.all(Array.from({ length: times }, () => this.#attempt(message)));
  }

  close(): void {
    this.#closed = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
  }

  #write({ type, customerId, data }: Event): Message {
    const now = Date.now();
    const { drop, delayMs, reorderMs } = this.faults;
    const message: Message = {
      id: `msg_${randomBytes(16).toString("hex")}`,
      type,
      customerId,
      body: JSON.stringify({ type, data }),
      createdAt: now,
      state: Math.random() < drop ? "dropped" : "pending",
      nextAttemptAt: now + delayMs + Math.floor(Math.random() * reorderMs),
      attempts: [],
    };
    this.#store.put("message", message);
    return message;
  }

  #plan({ id, state, nextAttemptAt }: Message): void {
    if (state !== "pending" || this.#closed || this.#destination === null) return;
    clearTimeout(this.#timers.get(id));
    const wait = Math.max(0, nextAttemptAt - Date.now());
    this.#timers.set(
      id,
      setTimeout(() => void this.#deliver(id), wait),
    );
  }

  async #deliver(id: string): Promise<void> {
    this.#timers.delete(id);
    const message = this.#store.get("message", id);
    if (message === null || message.state !== "pending") return;
    const copies = 1 + this.faults.duplicates;
    const at = Date.now();
    const statuses = await Promise.all(
      Array.from({ length: copies }, () => this.#attempt(message)),
    );
    if (this.#closed) return;
    const status = statuses.find(isSuccess) ?? statuses[0] ?? null;
    const tried = message.attempts.length;
    const wait = RETRY_AFTER_MS[tried];
    const settled: Message = {
      ...message,
      state: isSuccess(status) ? "delivered" : wait === undefined ? "failed" : "pending",
      nextAttemptAt: Date.now() + (wait ?? 0),
      attempts: [...message.attempts, { at, status }].slice(-REMEMBERED_ATTEMPTS),
    };
    this.#store.put("message", settled);
    this.#plan(settled);
  }

  /** The answer's status, or `null` when there was none. */
  async #attempt({ id, body }: Message): Promise<number | null> {
    if (this.#destination === null) return null;
    const { url, secret } = this.#destination;
    const { badSignature, staleTime } = this.faults;
    const at = new Date(Date.now() - (staleTime ? STALE_MS : 0));
    const signer = new Webhook(badSignature ? ANOTHER_SECRET : secret);
    try {
      const response = await fetch(url, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          "svix-id": id,
          "svix-timestamp": String(Math.floor(at.getTime() / 1000)),
          "svix-signature": signer.sign(id, at, body),
        },
        body,
        // A redirect is a failure, as it is to Svix.
        redirect: "manual",
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      });
      await response.arrayBuffer();
      return response.status;
    } catch {
      return null;
    }
  }
}

const ANOTHER_SECRET = `whsec_${randomBytes(24).toString("base64")}`;

function isSuccess(status: number | null): status is number {
  return status !== null && status >= 200 && status < 300;
}
