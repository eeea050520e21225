import type { RequestContext } from "../syscalls/request-context.ts";
import type { Transaction } from "../transaction/transaction.ts";
import type { ActionRun } from "./action-run.ts";
import { APP, mountedComponent } from "./components.ts";
import { ACTION_LIMIT_MS, withDeadline } from "./deadline.ts";
import { FunctionFailure, failureOf } from "./failure.ts";
import type { FunctionSet } from "./modules/function-set.ts";
import type { FunctionSets } from "./modules/function-sets.ts";

const HTTP_MODULE = "http.js";
/** Convex's limit on the body of an answer, whose rest is not sent. */
const MAX_BODY_BYTES = 20 * 1024 * 1024;
const BODY_TOO_LARGE = "HttpResponseTooLarge: HTTP actions support responses up to 20 MiB";

/** The part of the official library's `HttpRouter` that serving needs. */
export interface HttpRouter {
  readonly isRouter: true;
  lookup(path: string, method: string): readonly [PublicHttpAction, string, string] | null;
  getRoutes(): readonly (readonly [path: string, method: string, PublicHttpAction])[];
}

interface PublicHttpAction {
  invokeHttpAction(request: Request): Promise<Response>;
}

/** An HTTP action that will answer a request. */
export interface MatchedRoute {
  /** `POST /webhook`, as the router names it. */
  readonly name: string;
  /** The functions of the component that has the route. */
  readonly set: FunctionSet;
  answer(request: Request): Promise<Response>;
}

/** A component's router: the default export of its `http.ts`. Null when it has none. */
export async function loadRouter(set: FunctionSet): Promise<HttpRouter | null> {
  if (!set.has(HTTP_MODULE)) return null;
  let router: Partial<HttpRouter> | undefined;
  try {
    router = (await set.load(HTTP_MODULE))["default"] as Partial<HttpRouter> | undefined;
  } catch (error) {
    throw failureOf(error, set.sourceMaps);
  }
  if (router?.isRouter !== true) {
    throw new FunctionFailure("The default export of `http.ts` must be an `HttpRouter`.");
  }
  return router as HttpRouter;
}

/**
 * The route for a request, null when there is none: a route of the app, or of a component that is
 * mounted at an address prefix and sees the rest of the path. The longer prefix wins, and a whole
 * path beats both. HEAD is answered by GET's route.
 */
export async function matchRoute(
  sets: FunctionSets,
  tx: Transaction,
  request: Request,
): Promise<MatchedRoute | null> {
  const { pathname } = new URL(request.url);
  const prefix = mountedComponent(tx, APP)?.httpPrefix ?? "/";
  if (!pathname.startsWith(prefix)) return null;
  return matchIn(sets, tx, APP, pathname.slice(prefix.length - 1), request);
}

async function matchIn(
  sets: FunctionSets,
  tx: Transaction,
  componentPath: string,
  pathname: string,
  request: Request,
): Promise<MatchedRoute | null> {
  const set = sets.at(tx, componentPath);
  const method = request.method === "HEAD" ? "GET" : request.method;
  const own = (await loadRouter(set))?.lookup(pathname, method) ?? null;
  const ownPath = own?.[2] ?? "";
  const ownPrefixLength = ownPath.endsWith("*") ? ownPath.length - 1 : Infinity;
  const [mount] = (mountedComponent(tx, componentPath)?.httpMounts ?? [])
    .filter(({ prefix }) => pathname.startsWith(prefix))
    .sort((a, b) => b.prefix.length - a.prefix.length);
  if (mount !== undefined && (own === null || ownPrefixLength < mount.prefix.length)) {
    const rest = pathname.slice(mount.prefix.length - 1);
    const found = await matchIn(sets, tx, mount.componentPath, rest, request);
    if (found !== null) return found;
  }
  if (own === null) return null;
  const [, routeMethod, path] = own;
  return {
    name: `${routeMethod} ${path}`,
    set,
    answer: (asked) => set.respond(HTTP_MODULE, { path: pathname, method }, asked),
  };
}

/**
 * Runs the route. The run goes on while the answer's body is read, and ends with it: `onEnd` is told
 * why the body was cut off, or null.
 */
export async function answerWith(
  run: ActionRun,
  route: MatchedRoute,
  request: Request,
  onEnd: (error: string | null) => void,
): Promise<Response> {
  const end = (error: string | null) => {
    run.end();
    onEnd(error);
  };
  try {
    const answer = await withDeadline(
      run.run(() => route.answer(request)),
      ACTION_LIMIT_MS,
    );
    return withEnd(answer, end);
  } catch (error) {
    run.end();
    throw error;
  }
}

/** The same answer, which tells when its body has been read to its end or given up. */
function withEnd(answer: Response, onEnd: (error: string | null) => void): Response {
  if (answer.body === null) {
    onEnd(null);
    return answer;
  }
  const reader = answer.body.getReader();
  let bytes = 0;
  let isGivenUp = false;
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await reader.read();
          if (isGivenUp) return;
          if (done) {
            controller.close();
            return onEnd(null);
          }
          bytes += value.length;
          if (bytes > MAX_BODY_BYTES) throw new Error(BODY_TOO_LARGE);
          controller.enqueue(value);
        } catch (error) {
          controller.error(error);
          onEnd(`Uncaught Error: ${error instanceof Error ? error.message : String(error)}`);
          await reader.cancel(error).catch(() => undefined);
        }
      },
      async cancel(reason) {
        isGivenUp = true;
        onEnd(null);
        await reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
  const { status, statusText, headers } = answer;
  return new Response(body, { status, statusText, headers });
}

export function noRoute(hasRouter: boolean): Response {
  return new Response(
    hasRouter
      ? "No matching routes found"
      : "This Convex deployment does not have HTTP actions enabled.",
    { status: 404 },
  );
}

/** What a failed HTTP action answers. */
export function failedAnswer(
  failure: FunctionFailure,
  request: RequestContext,
  redacted: boolean,
): Response {
  const title = `[Request ID: ${request.id}] Server Error`;
  const [message = "", ...trace] = failure.message.split("\n");
  const body = {
    code: redacted ? title : `${title}: ${message.replace(/^Uncaught \w*Error: /, "")}`,
    ...(!redacted && { trace: [message, ...trace].join("\n") }),
    ...(failure.data !== undefined && { data: failure.data }),
  };
  return Response.json(body, { status: 500 });
}
