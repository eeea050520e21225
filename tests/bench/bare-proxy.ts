import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { pipeline } from "node:stream/promises";

// The baseline: what a page would be at best that pipes the provider's stream and keeps nothing.

const DEPLOYMENT = "baseline";

/** A page with a field, a button and the answers as they come. */
const PAGE = `<!doctype html>
<meta charset="utf-8" />
<title>Bare proxy</title>
<main></main>
<form><textarea aria-label="Message"></textarea><button aria-label="Send message">Send</button></form>
<script>
  document.querySelector("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const article = document.createElement("article");
    article.setAttribute("aria-label", "Assistant message");
    article.setAttribute("aria-busy", "true");
    const question = document.querySelector("textarea").value;
    document.querySelector("main").append(article);
    const response = await fetch("/chat", { method: "POST", body: question });
    let rest = "";
    for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + text).split("\\n");
      rest = lines.pop();
      const words = lines
        .filter((line) => line.startsWith("data: {"))
        .map((line) => JSON.parse(line.slice(6)).choices[0]?.delta?.content ?? "");
      article.append(words.join(""));
    }
    article.setAttribute("aria-busy", "false");
  });
</script>`;

export interface BareProxy {
  readonly url: string;
  stop(): Promise<void>;
}

export async function startBareProxy(modelsUrl: string): Promise<BareProxy> {
  const server = createServer((request, response) => {
    if (request.url === "/chat") {
      void pipeAnswer(modelsUrl, request, response);
    } else {
      response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(PAGE);
    }
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, stop: () => stop(server) };
}

async function pipeAnswer(
  modelsUrl: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const content = Buffer.concat(await request.toArray()).toString("utf8");
  const answer = await fetch(
    `${modelsUrl}/openai/deployments/${DEPLOYMENT}/chat/completions?api-version=2025-04-01-preview`,
    {
      method: "POST",
      headers: { "api-key": "bench", "content-type": "application/json" },
      body: JSON.stringify({ stream: true, messages: [{ role: "user", content }] }),
    },
  );
  response.writeHead(answer.status, { "content-type": "text/event-stream" });
  if (!answer.body) throw new Error("The model server sent nothing.");
  await pipeline(answer.body, response);
}

async function stop(server: Server): Promise<void> {
  const closed = once(server, "close");
  server.close();
  server.closeAllConnections();
  await closed;
}
