/**
 * Functions to run once: `{name, componentPath, args, scheduledTime (ms), completedTime? (ms),
 * state: {kind: "pending" | "inProgress" | "success" | "failed" (and error) | "canceled"}}`.
 * The number is that of Convex's own backend, where documents of an export may hold such ids.
 */
export const SCHEDULED_FUNCTIONS_TABLE = {
  name: "_scheduled_functions",
  number: 539,
  indexes: [
    { name: "by_state", fields: ["state.kind", "scheduledTime"] },
    { name: "by_completed", fields: ["completedTime"] },
  ],
} as const;

/** When each cron job runs next: `{name, schedule (JSON text), nextTime (ms)}`. */
export const CRON_RUNS_TABLE = {
  name: "_cron_runs",
  number: 11,
  indexes: [{ name: "by_name", fields: ["name"] }],
} as const;
