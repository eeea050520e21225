import { HttpError } from "../server/http.ts";
import type { Route } from "../server/router.ts";

/** `npx convex deployment usage` and `usage-limits` are told why there is nothing to show. */
export function usageLimitRoutes(): Route[] {
  return [
    refusing("GET", "/api/v1/get_current_usage"),
    refusing("GET", "/api/v1/list_usage_limits"),
    refusing("POST", "/api/v1/create_usage_limit"),
    refusing("POST", "/api/v1/update_usage_limit/*"),
    refusing("POST", "/api/v1/delete_usage_limit/*"),
  ];
}

function refusing(method: Route["method"], path: string): Route {
  return {
    method,
    path,
    admin: true,
    handler: () => {
      throw new HttpError(
        400,
        "UsageLimitsNotSupported",
        "This deployment measures no usage, and has no limits by plan.",
      );
    },
  };
}
