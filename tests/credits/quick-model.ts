import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

const FRAMES = [
  { choices: [{ index: 0, delta: { content: "Yes." }, finish_reason: null }] },
  { choices: [{ index: 0, delta: {}, finish_reason: "stop" }] },
  { choices: [], usage: { prompt_tokens: 9, completion_tokens: 2 } },
];

export interface QuickModel {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/**
 * A model that speaks as much of Azure OpenAI as an answer needs, and answers at once: a question
 * with "refuse" in it gets status 401, one with "cut" loses its connection after the first word.
 */
export async function startQuickModel(): Promise<QuickModel> {
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (piece: string) => (body += piece));
    request.on("end", () => {
      const question = newestQuestion(body);
      if (question.includes("refuse")) {
        response.writeHead(401, { "content-type": "application/json" });
        response.end(JSON.stringify({ error: { code: "401", message: "refused" } }));
        return;
      }
      response.writeHead(200, { "content-type": "text/event-stream" });
      const frames = question.includes("cut") ? FRAMES.slice(0, 1) : FRAMES;
      for (const frame of frames) response.write(`data: ${JSON.stringify(frame)}\n\n`);
      if (question.includes("cut")) response.destroy();
      else response.end("data: [DONE]\n\n");
    });
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

function newestQuestion(body: string): string {
  const { messages } = JSON.parse(body) as { messages: { content: string }[] };
  return messages.at(-1)?.content ?? "";
}
