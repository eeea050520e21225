import { pushTables } from "./push/tables.ts";
import { STORAGE_TABLE } from "./files/tables.ts";
import { SIGNING_KEYS_TABLE } from "./identity/tables.ts";
import { EXPORTS_TABLE } from "./snapshots/tables.ts";
import { IMPORTS_TABLE } from "./snapshots/tables.ts";
import { SCHEDULED_FUNCTIONS_TABLE } from "./scheduler/tables.ts";
import { CRON_RUNS_TABLE } from "./scheduler/tables.ts";

/** The tables that the deployment keeps for itself beside those of the app. */
export const SYSTEM_TABLES = [
  ...pushTables,
  STORAGE_TABLE,
  EXPORTS_TABLE,
  IMPORTS_TABLE,
  SCHEDULED_FUNCTIONS_TABLE,
  CRON_RUNS_TABLE,
  SIGNING_KEYS_TABLE,
];
