import type { ExecutionLog } from "../functions/log/execution-log.ts";
import type { FunctionSets, Origins } from "../functions/modules/function-sets.ts";
import { sendJson } from "../server/http.ts";
import type { Route } from "../server/router.ts";
import type { Database } from "../transaction/database.ts";
import { APP } from "../functions/components.ts";
import { readDurable } from "../system-rows.ts";
import { isSystemTable } from "../transaction/tables.ts";
import { environmentRoutes } from "./environment-routes.ts";
import { logRoutes } from "./log-routes.ts";
import { usageLimitRoutes } from "./usage-limit-routes.ts";

const UNKNOWN_SHAPE = { type: "Unknown" };

/** What the CLI asks of a deployment besides pushing and running functions. */
export function adminRoutes(
  database: Database,
  executions: ExecutionLog,
  sets: FunctionSets,
  origins: Origins,
): Route[] {
  return [
    {
      method: "GET",
      path: "/api/v1/get_canonical_urls",
      admin: true,
      handler: (_request, response) =>
        sendJson(response, 200, { convexCloudUrl: origins.cloud, convexSiteUrl: origins.site }),
    },
    {
      // The shapes of what is stored, which nobody keeps here: the tables alone.
      method: "GET",
      path: "/api/shapes2",
      admin: true,
      handler: (_request, response) => {
        const names = readDurable(database, (tx) => tx.tables.of(APP).map(({ name }) => name));
        const shown = names.filter((name) => !isSystemTable(name));
        sendJson(response, 200, Object.fromEntries(shown.map((name) => [name, UNKNOWN_SHAPE])));
      },
    },
    ...environmentRoutes(database, sets),
    ...usageLimitRoutes(),
    ...logRoutes(executions),
  ];
}
