import { cronJobs } from "convex/server";
import { internal } from "./_generated/api";

const crons = cronJobs();

crons.interval("end answers whose writer is gone", { seconds: 10 }, internal.chat.reaper.reap);
crons.daily(
  "compare balances with the ledger",
  { hourUTC: 4, minuteUTC: 10 },
  internal.credits.audit.compare,
  {},
);

crons.interval("ask about pending orders", { minutes: 1 }, internal.billing.rounds.checkOrders);
crons.hourly(
  "look for invoices that nobody told of",
  { minuteUTC: 7 },
  internal.billing.sweep.sweepInvoices,
  { days: 7 },
);
crons.daily(
  "look for late refunds",
  { hourUTC: 3, minuteUTC: 40 },
  internal.billing.sweep.sweepInvoices,
  { days: 120 },
);
crons.daily(
  "ask about everybody on Pro",
  { hourUTC: 3, minuteUTC: 20 },
  internal.billing.rounds.checkPro,
  { cursor: null },
);
crons.daily(
  "forget old webhook messages",
  { hourUTC: 4, minuteUTC: 40 },
  internal.billing.rounds.forgetEvents,
  {},
);

crons.hourly("go on deleting accounts", { minuteUTC: 50 }, internal.account.deletion.resume, {});

export default crons;
