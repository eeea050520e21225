import { pipeline } from "node:stream/promises";
import { sendJson, sendText } from "./http.ts";
import type { Route } from "./router.ts";

/** The line of the convex package that this deployment speaks. */
const VERSION = "1.48.0";

/** Who this is and that it lives. @param keys what its own tokens are verified with */
export function aboutRoutes(instanceName: string, keys: object): Route[] {
  return [
    text("/", "This is a Convex deployment. Its functions are called by Convex clients."),
    text("/version", VERSION),
    text("/instance_version", VERSION),
    text("/instance_name", instanceName),
    {
      method: "GET",
      path: "/.well-known/jwks.json",
      handler: (_request, response) => sendJson(response, 200, keys),
    },
    {
      method: "POST",
      path: "/echo",
      handler: async (request, response) => {
        response.writeHead(200, { "Content-Type": "application/octet-stream" });
        await pipeline(request, response);
      },
    },
    {
      method: "POST",
      path: "/api/debug_event",
      handler: (_request, response) => void response.writeHead(200).end(),
    },
  ];
}

function text(path: string, answer: string): Route {
  return { method: "GET", path, handler: (_request, response) => sendText(response, 200, answer) };
}
