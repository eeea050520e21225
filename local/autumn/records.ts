/** Everything that the sandbox keeps. Times are Unix milliseconds, money whole currency units. */
export interface Records {
  readonly customer: Customer;
  readonly subscription: Subscription;
  readonly purchase: Purchase;
  readonly invoice: Invoice;
  readonly checkout: Checkout;
  readonly portal: Portal;
  readonly usage: Usage;
  readonly idempotencyKey: IdempotencyKey;
  readonly message: Message;
}

export interface Customer {
  readonly id: string;
  readonly name: string | null;
  readonly email: string | null;
  readonly fingerprint: string | null;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly createdAt: number;
  /** A first paid checkout saves the card. */
  readonly hasCard: boolean;
}

export interface Subscription {
  readonly id: string;
  readonly customerId: string;
  readonly planId: string;
  readonly status: "active" | "expired";
  readonly pastDue: boolean;
  readonly canceledAt: number | null;
  readonly expiresAt: number | null;
  readonly startedAt: number;
  readonly currentPeriodStart: number;
  readonly currentPeriodEnd: number;
}

/** A one-off plan that was paid. */
export interface Purchase {
  readonly id: string;
  readonly customerId: string;
  readonly planId: string;
  readonly startedAt: number;
}

export interface Invoice {
  readonly id: string;
  readonly stripeId: string;
  readonly customerId: string;
  readonly planIds: readonly string[];
  readonly status: "paid" | "open" | "void";
  readonly total: number;
  readonly amountPaid: number;
  readonly refundedAmount: number;
  readonly currency: string;
  readonly createdAt: number;
  /** When the API begins to show it: later than `createdAt` under the fault that says so. */
  readonly visibleAt: number;
}

export interface Checkout {
  readonly id: string;
  readonly customerId: string;
  readonly planId: string;
  /** What it was asked for with, to tell an identical request from another one. */
  readonly request: string;
  readonly successUrl: string | null;
  readonly cancelUrl: string | null;
  readonly status: "open" | "paid" | "declined" | "cancelled" | "expired";
  readonly createdAt: number;
  readonly expiresAt: number;
  /** Until when the payment counts as still being processed. */
  readonly settlesAt: number;
}

/** One visit to the billing portal. */
export interface Portal {
  readonly id: string;
  readonly customerId: string;
  readonly returnUrl: string | null;
}

export interface Usage {
  /** `<customer>/<feature>` */
  readonly id: string;
  readonly used: number;
}

export interface IdempotencyKey {
  readonly id: string;
  readonly at: number;
}

/** A webhook message and what became of it. */
export interface Message {
  /** The `svix-id`: the same in every attempt. */
  readonly id: string;
  readonly type: string;
  readonly customerId: string;
  /** The exact text that is signed and sent. */
  readonly body: string;
  readonly createdAt: number;
  readonly state: "pending" | "delivered" | "failed" | "dropped";
  readonly nextAttemptAt: number;
  readonly attempts: readonly Attempt[];
}

export interface Attempt {
  readonly at: number;
  /** `null` when no answer came. */
  readonly status: number | null;
}
