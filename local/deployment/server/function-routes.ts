import type { IncomingMessage, ServerResponse } from "node:http";
import { type JSONValue, jsonToConvex, type Value } from "convex/values";
import type { FunctionCall, FunctionOutcome } from "../functions/call.ts";
import type { FunctionRunner } from "../functions/runner.ts";
import type { Authenticator } from "../identity/authenticator.ts";
import { TokenError } from "../identity/token-verifier.ts";
import type { SessionIdentity } from "../sync/session-identity.ts";
import type { Database } from "../transaction/database.ts";
import { decodeTimestamp, encodeTimestamp } from "../values/timestamp.ts";
import { parseUnicodeJson } from "../values/unicode-json.ts";
import { HttpError, readJsonObject, sendJson, sendJsonText } from "./http.ts";
import type { Route } from "./router.ts";

/** Arguments may have 16 MiB; the rest is for the JSON around them. */
const MAX_BODY_BYTES = 18 * 1024 * 1024;

/** What follows names a function with slashes alone: `/api/run/dir/module/name`. */
const RUN_PREFIX = "/api/run/";

interface Services {
  readonly database: Database;
  readonly runner: FunctionRunner;
  readonly authenticator: Authenticator;
}

type Execute = (call: FunctionCall, body: Record<string, unknown>) => Promise<FunctionOutcome>;

/** Functions over plain HTTP, for `ConvexHttpClient` and whoever speaks JSON. */
export function functionRoutes({ database, runner, authenticator }: Services): Route[] {
  const query: Execute = (call) => runner.runQuery(call, { journal: null });
  const queryAtTs: Execute = (call, body) =>
    runner.runQuery(call, { journal: null, ts: readableTs(database, body["ts"]) });

  const post = (path: string, execute: Execute, admin?: true): Route => ({
    method: "POST",
    path,
    ...(admin && { admin }),
    handler: async (request, response) => {
      const who = await identify(authenticator, request);
      const body = await readJsonObject(request, MAX_BODY_BYTES);
      const outcome = await execute(functionCall(body, who, request), body);
      sendJsonText(response, 200, outcomeText(outcome, formatOf(body)));
    },
  });

  return [
    post("/api/query", query),
    post("/api/query_at_ts", queryAtTs),
    post("/api/mutation", (call) => runner.runMutation(call)),
    post("/api/action", (call) => runner.runAction(call)),
    post("/api/function", (call) => runner.runAny(call), true),
    {
      method: "POST",
      path: "/api/run_test_function",
      admin: true,
      handler: async (request, response) => {
        const who = await identify(authenticator, request);
        const { bundle, componentId, ...body } = await readJsonObject(request, MAX_BODY_BYTES);
        const { source } = (bundle ?? {}) as { source?: unknown };
        if (typeof source !== "string") throw badArgument("bundle.source must be a string.");
        const named = { ...body, path: "", componentPath: componentId };
        const outcome = await runner.runOneOffQuery(source, functionCall(named, who, request));
        sendJsonText(response, 200, outcomeText(outcome, formatOf(body)));
      },
    },
    {
      method: "POST",
      path: `${RUN_PREFIX}*`,
      handler: async (request, response, url) => {
        const who = await identify(authenticator, request);
        const body = await readJsonObject(request, MAX_BODY_BYTES);
        const named = { ...body, path: functionPathOf(url), componentPath: "" };
        const outcome = await runner.runAny(functionCall(named, who, request));
        sendJsonText(response, 200, outcomeText(outcome, formatOf(body)));
      },
    },
    {
      method: "GET",
      path: "/api/query",
      handler: async (request, response, url) => {
        const who = await identify(authenticator, request);
        const body = bodyFromAddress(url);
        const outcome = await query(functionCall(body, who, request), body);
        sendJsonText(response, 200, outcomeText(outcome, formatOf(body)));
      },
    },
    {
      method: "POST",
      path: "/api/query_ts",
      handler: (_request, response) =>
        sendJson(response, 200, { ts: encodeTimestamp(database.durableTs) }),
    },
    {
      method: "POST",
      path: "/api/query_batch",
      handler: async (request, response) => {
        const who = await identify(authenticator, request);
        await answerBatch(await readJsonObject(request, MAX_BODY_BYTES), who, request, response);
      },
    },
  ];

  /** All queries of a batch see one snapshot. */
  async function answerBatch(
    body: Record<string, unknown>,
    who: SessionIdentity,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const { queries } = body;
    if (!Array.isArray(queries)) throw badArgument("queries must be an array.");
    const pin = database.beginRead();
    try {
      const at = { journal: null, ts: pin.snapshotTs };
      const results: string[] = [];
      for (const each of queries as Record<string, unknown>[]) {
        const outcome = await runner.runQuery(functionCall(each ?? {}, who, request), at);
        results.push(outcomeText(outcome, formatOf(each)));
      }
      sendJsonText(response, 200, `{"results":[${results.join(",")}]}`);
    } finally {
      pin.close();
    }
  }
}

function functionPathOf({ pathname }: URL): string {
  const parts = pathname.slice(RUN_PREFIX.length).split("/");
  const name = parts.pop();
  if (!name || parts.length === 0 || parts.includes("")) {
    throw new HttpError(400, "MissingIdentifier", "The address names no module and function.");
  }
  return `${parts.join("/")}:${name}`;
}

type Format = "convex_encoded_json" | "json";

function formatOf({ format }: Record<string, unknown>): Format {
  if (format === undefined || format === null || format === "json") return "json";
  if (format === "convex_encoded_json" || format === "encoded") return "convex_encoded_json";
  throw badArgument("format must be json or convex_encoded_json.");
}

function functionCall(
  { path, args = {}, componentPath }: Record<string, unknown>,
  { identity, caller }: SessionIdentity,
  request: IncomingMessage,
): FunctionCall {
  if (typeof path !== "string") throw badArgument("path must be a string.");
  const component = componentPath ?? "";
  if (typeof component !== "string") throw badArgument("componentPath must be a string.");
  if (component !== "" && caller !== "admin") {
    throw new HttpError(403, "Forbidden", "Only the admin may call into a component.");
  }
  return {
    path,
    componentPath: component,
    args: argumentsText(Array.isArray(args) ? args : [args]),
    identity,
    caller,
    request: {
      ip: request.socket.remoteAddress ?? null,
      userAgent: request.headers["user-agent"] ?? null,
    },
  };
}

/** What was read can be too deep to be written again. */
function argumentsText(args: unknown[]): string {
  try {
    return JSON.stringify(args);
  } catch {
    throw badArgument("args are nested too deeply.");
  }
}

function bodyFromAddress(url: URL): Record<string, unknown> {
  const { searchParams } = url;
  let args: unknown;
  try {
    args = parseUnicodeJson(searchParams.get("args") ?? "{}");
  } catch {
    throw badArgument("args must be JSON.");
  }
  return { path: searchParams.get("path"), args, format: searchParams.get("format") };
}

async function identify(
  authenticator: Authenticator,
  request: IncomingMessage,
): Promise<SessionIdentity> {
  try {
    return await authenticator.fromHeader(request.headers.authorization);
  } catch (error) {
    if (!(error instanceof TokenError)) throw error;
    throw new HttpError(401, "InvalidAuthHeader", error.message);
  }
}

/** The time asked for if it is still kept, else the newest. */
function readableTs(database: Database, wanted: unknown): bigint {
  if (typeof wanted !== "string") throw badArgument("ts must be a timestamp.");
  try {
    const ts = decodeTimestamp(wanted);
    return ts >= database.oldestTs && ts <= database.durableTs ? ts : database.durableTs;
  } catch {
    throw badArgument("ts must be a timestamp.");
  }
}

function outcomeText(outcome: FunctionOutcome, format: Format): string {
  const logLines = `"logLines":${JSON.stringify(outcome.logLines)}`;
  if (outcome.ok) {
    const value = format === "json" ? plainJson(JSON.parse(outcome.value)) : outcome.value;
    return `{"status":"success","value":${value},${logLines}}`;
  }
  const { message, data } = outcome.error;
  const dataText = format === "json" && data !== undefined ? plainJson(data) : JSON.stringify(data);
  const errorData = data === undefined ? "" : `"errorData":${dataText},`;
  return `{"status":"error","errorMessage":${JSON.stringify(message)},${errorData}${logLines}}`;
}

/** For clients that know nothing of Convex: integers as digits, bytes as base64. */
function plainJson(encoded: JSONValue): string {
  return JSON.stringify(jsonToConvex(encoded), (_name, each: Value) => {
    if (typeof each === "bigint") return each.toString();
    if (each instanceof ArrayBuffer) return Buffer.from(each).toString("base64");
    if (typeof each === "number" && !Number.isFinite(each)) return String(each);
    return each;
  });
}

function badArgument(message: string): HttpError {
  return new HttpError(400, "BadArgument", message);
}
