import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

const FRAMES = [
  { choices: [{ index: 0, delta: { content: "Yes." }, finish_reason: null }] },
  { choices: [{ index: 0, delta: {}, finish_reason: "stop" }] },
  { choices: [], usage: { prompt_tokens: 9, completion_tokens: 2 } },
];

const PAUSE_MS = 1000;

export interface QuickModel {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/**
 * A model that speaks as much of Azure OpenAI as an answer needs, and answers at once: a question
 * with "refuse" in it gets status 401, one with "cut" loses its connection after the first word,
 * and one with "pause" gets its first word a second before the rest.
 */
export async function startQuickModel(): Promise<QuickModel> {
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (piece: string) => (body += piece));
    request.on("end", () => void answer(newestQuestion(body), response));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await once(server.close(), "close");
    },
  };
}

async function answer(question: string, response: ServerResponse): Promise<void> {
  if (question.includes("refuse")) {
    response.writeHead(401, { "content-type": "application/json" });
    response.end(JSON.stringify({ error: { code: "401", message: "refused" } }));
    return;
  }
  response.writeHead(200, { "content-type": "text/event-stream" });
  const [word, ...rest] = FRAMES.map((frame) => `data: ${JSON.stringify(frame)}\n\n`);
  response.write(word ?? "");
  if (question.includes("cut")) return void response.destroy();
  if (question.includes("pause")) await delay(PAUSE_MS);
  response.end(`${rest.join("")}data: [DONE]\n\n`);
}

function newestQuestion(body: string): string {
  const { messages } = JSON.parse(body) as { messages: { content: string }[] };
  return messages.at(-1)?.content ?? "";
}
