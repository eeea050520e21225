import type { ExecutionLog } from "../functions/log/execution-log.ts";
import type { FunctionSets, Origins } from "../functions/modules/function-sets.ts";
import { sendJson } from "../server/http.ts";
import type { Route } from "../server/router.ts";
import type { Database } from "../transaction/database.ts";
import { environmentRoutes } from "./environment-routes.ts";
import { logRoutes } from "./log-routes.ts";

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
    ...environmentRoutes(database, sets),
    ...logRoutes(executions),
  ];
}
