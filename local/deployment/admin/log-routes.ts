import type { ExecutionLog } from "../functions/log/execution-log.ts";
import type { ExecutionRecord } from "../functions/log/execution-record.ts";
import { sendJson } from "../server/http.ts";
import type { Route } from "../server/router.ts";

/** The CLI asks again at once, so an answer waits until there is something to tell. */
const LONG_POLL_MS = 60_000;

/** `npx convex logs`: what ended after the cursor, waiting for it where there is nothing yet. */
export function logRoutes(executions: ExecutionLog): Route[] {
  return [
    {
      method: "GET",
      path: "/api/stream_function_logs",
      admin: true,
      handler: async (_request, response, url) => {
        const cursor = Number(url.searchParams.get("cursor") ?? 0) || 0;
        const gone = new AbortController();
        response.once("close", () => gone.abort());
        // The first question is where the log ends now, and is answered without waiting.
        if (cursor !== 0 && executions.after(cursor).records.length === 0) {
          await executions.change(
            AbortSignal.any([gone.signal, AbortSignal.timeout(LONG_POLL_MS)]),
          );
        }
        if (gone.signal.aborted) return;
        const { records, cursor: newCursor } = executions.after(cursor);
        sendJson(response, 200, { entries: records.map(asEntry), newCursor });
      },
    },
  ];
}

/** Times are in seconds here. */
function asEntry(record: ExecutionRecord): unknown {
  return {
    kind: "Completion",
    identifier: record.identifier,
    udfType: record.kind,
    componentPath: record.componentPath === "" ? null : record.componentPath,
    requestId: record.requestId,
    caller: record.caller,
    logLines: record.logLines,
    timestamp: record.startedAt / 1000,
    executionTime: record.duration / 1000,
    error: record.error,
    environment: record.environment,
    cachedResult: false,
  };
}
