import { APP, componentVersion } from "../functions/components.ts";
import { type FunctionSets, pushedModules } from "../functions/modules/function-sets.ts";
import { asJsonObject, readBody, sendJson } from "../server/http.ts";
import type { Route, RouteHandler } from "../server/router.ts";
import { readDurable } from "../system-rows.ts";
import type { Database } from "../transaction/database.ts";
import { finishAnswer, pushId, schemaChange, startAnswer } from "./answers.ts";
import { asPushRequest, readPushBody } from "./push-request.ts";
import { Pushes } from "./push.ts";

const MAX_BODY_BYTES = 64 * 1024 * 1024;
const FUNCTIONS_FOLDER = "convex/";

/** The routes over which the official CLI pushes an app. The shapes are its `deployApi`. */
export function pushRoutes(database: Database, sets: FunctionSets): Route[] {
  const pushes = new Pushes(database, sets);
  return [
    post("get_config_hashes", (_request, response) => sendJson(response, 200, hashes(database))),
    post("deploy2/start_push", async (request, response) => {
      const push = await pushes.start(asPushRequest(await readPushBody(request)));
      sendJson(response, 200, startAnswer(push));
    }),
    post("deploy2/evaluate_push", async (request, response) => {
      const push = asPushRequest(await readPushBody(request));
      const evaluated = await pushes.start({ ...push, dryRun: true });
      sendJson(response, 200, { schemaChange: schemaChange(evaluated) });
    }),
    post("deploy2/wait_for_schema", async (request, response) => {
      const body = asJsonObject((await readBody(request, MAX_BODY_BYTES)).toString("utf8"));
      if (body["dryRun"] === true) return sendJson(response, 200, { type: "complete" });
      sendJson(response, 200, await pushes.waitForSchema(pushId(body["schemaChange"])));
    }),
    post("deploy2/finish_push", async (request, response) => {
      const { startPush } = (await readPushBody(request)) as {
        startPush?: { schemaChange?: unknown };
      };
      sendJson(response, 200, finishAnswer(await pushes.finish(pushId(startPush?.schemaChange))));
    }),
    post("deploy2/report_push_completed", async (request, response) => {
      await readPushBody(request);
      sendJson(response, 200, {});
    }),
  ];
}

function post(path: string, handler: RouteHandler): Route {
  return { method: "POST", path: `/api/${path}`, admin: true, handler };
}

function hashes(database: Database): unknown {
  const modules = readDurable(database, (tx) =>
    componentVersion(tx, APP) === "" ? [] : pushedModules(tx, APP),
  );
  return {
    config: { functions: FUNCTIONS_FOLDER },
    moduleHashes: modules.map(({ path, environment, sha256 }) => ({
      path,
      environment,
      hash: sha256,
    })),
    nodeDependencies: [],
    udfServerVersion: "1.48.0",
  };
}
