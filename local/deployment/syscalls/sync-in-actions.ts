import type { SyncOperation } from "./syscalls.ts";

/** What an action may ask without waiting. */
export const SYNC_IN_ACTIONS: Readonly<Record<string, SyncOperation>> = {
  "1.0/componentArgument": () => "{}",
};
