/** What goes wrong on purpose. Set by `POST /control/faults`; forgotten at a restart. */
export interface Faults {
  readonly webhooks: WebhookFaults;
  readonly api: ApiFaults;
}

export interface WebhookFaults {
  /** Sent this much later, in milliseconds. */
  readonly delayMs: number;
  /** Sent up to this much later, each by chance, so that they overtake one another. */
  readonly reorderMs: number;
  /** The share that is never sent, from 0 to 1. */
  readonly drop: number;
  /** Sent so many times more, at once and with the same id. */
  readonly duplicates: number;
  /** Sent so many times more, as messages with ids of their own. */
  readonly repeats: number;
  /** Signed with another secret. */
  readonly badSignature: boolean;
  /** Signed rightly, at a time ten minutes ago. */
  readonly staleTime: boolean;
}

export interface ApiFaults {
  /** Every call takes this much longer, in milliseconds. */
  readonly delayMs: number;
  /** Calls are never answered. */
  readonly hang: boolean;
  /** Calls fail with this status, before they do anything. */
  readonly status: number | null;
  /** The share of calls that are carried out, and whose answer is then lost, from 0 to 1. */
  readonly dropReply: number;
  /** A paid invoice shows in the API only this much later, in milliseconds. */
  readonly invoiceDelayMs: number;
}

export const NO_FAULTS: Faults = {
  webhooks: {
    delayMs: 0,
    reorderMs: 0,
    drop: 0,
    duplicates: 0,
    repeats: 0,
    badSignature: false,
    staleTime: false,
  },
  api: { delayMs: 0, hang: false, status: null, dropReply: 0, invoiceDelayMs: 0 },
};

/**
 * The faults that a request asks for; those that it does not name are off.
 * @throws Error naming a fault that does not exist or has a value of another type.
 */
export function faultsFrom(wanted: unknown): Faults {
  const { webhooks, api, ...rest } = objectOf(wanted, "faults");
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) throw new Error(`There are no faults of "${unknown}".`);
  return {
    webhooks: filledIn(NO_FAULTS.webhooks, webhooks, "webhooks"),
    api: filledIn(NO_FAULTS.api, api, "api"),
  };
}

function filledIn<T extends object>(presets: T, wanted: unknown, name: string): T {
  const given = wanted === undefined ? {} : objectOf(wanted, name);
  for (const [key, value] of Object.entries(given)) {
    if (!Object.hasOwn(presets, key)) throw new Error(`There is no fault "${name}.${key}".`);
    const preset: unknown = presets[key as keyof T];
    const wantedType = preset === null ? "number" : typeof preset;
    if (value !== null && typeof value !== wantedType) {
      throw new Error(`"${name}.${key}" takes a ${wantedType}.`);
    }
  }
  return { ...presets, ...given };
}

function objectOf(value: unknown, name: string): Record<string, unknown> {
  if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  throw new Error(`"${name}" takes an object.`);
}
