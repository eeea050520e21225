import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "@copilotkit/aimock";
import { AzureChat } from "./azure-chat.ts";
import { CallLog } from "./calls.ts";
import type { Pace } from "./pace.ts";

/** A running model server. */
export interface ModelServer {
  /** Its address without a path: what AZURE_OPENAI_ENDPOINT takes. */
  readonly url: string;
  readonly calls: CallLog;
  /** Ends when no call is running; running ones end with their clients. */
  close(): Promise<void>;
}

/** 60 tokens a second after 300 milliseconds: about what a person sees of a real model. */
export const HUMAN_PACE: Pace = { firstTokenMs: 300, tokensPerSecond: 60 };

/**
 * Starts the server on 127.0.0.1; port 0 lets the system choose.
 * @throws the system's error when the port is taken.
 */
export async function startModelServer(port: number, pace: Pace): Promise<ModelServer> {
  const calls = new CallLog();
  const { server, url } = await createServer([], { port, host: "127.0.0.1", logLevel: "silent" }, [
    { path: "/openai", handler: new AzureChat(calls, pace) },
    { path: "/control", handler: { handleRequest: control(calls) } },
  ]);
  server.prependListener("request", readable);
  server.prependListener("upgrade", readable);
  return {
    url,
    calls,
    close: async () => {
      const ended = once(server, "close");
      server.close();
      await ended;
    },
  };
}

/** Anything can stand for an address in a request. What is none leads nowhere, and fails nothing. */
function readable(request: IncomingMessage): void {
  const { headers, url = "/" } = request;
  if (URL.canParse(url, `http://${headers.host ?? "localhost"}`)) return;
  headers.host = "localhost";
  request.url = "/nowhere";
}

/** `GET /control/calls` (`?contains=` a part of any message) lists the calls, oldest first. */
function control(calls: CallLog) {
  return async (request: IncomingMessage, response: ServerResponse, path: string) => {
    if (path !== "/calls" || request.method !== "GET") return false;
    const part = URL.parse(request.url ?? "/", "http://localhost")?.searchParams.get("contains");
    const wanted = calls
      .list()
      .filter(({ messages }) => messages.some(({ content }) => content.includes(part ?? "")));
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify(wanted));
    return true;
  };
}
