import { randomUUID } from "node:crypto";
import { ConvexClient, ConvexHttpClient } from "convex/browser";
import {
  generateReply,
  listMessages,
  sendChatMessage,
  signInWithPassword,
  streamPage,
  streamState,
} from "./convex-functions.ts";
import { countedText, type Sample } from "./token-latency.ts";

/** What one subscriber saw of one answer. */
export interface Followed {
  readonly samples: readonly Sample[];
  /** The longest text that the stream showed. */
  readonly streamed: string;
  /** The answer's final text in the list of messages. */
  readonly final: string;
}

/** Makes an account. @returns the token that its clients sign in with */
export async function newAccount(convexUrl: string): Promise<string> {
  const client = new ConvexHttpClient(convexUrl);
  const { tokens } = await client.action(signInWithPassword, {
    provider: "password",
    params: { email: `${randomUUID()}@example.com`, password: randomUUID(), flow: "signUp" },
  });
  if (!tokens) throw new Error("Signing up gave no token.");
  return tokens.token;
}

/** A device that asks and follows its answer as the page does, without a browser. */
export class Subscriber {
  readonly #client: ConvexClient;

  constructor(convexUrl: string, token: string) {
    this.#client = new ConvexClient(convexUrl);
    this.#client.setAuth(() => Promise.resolve(token));
  }

  async ask(content: string, timeoutMs: number): Promise<Followed> {
    const client = this.#client;
    const { answerId, sessionId } = await client.mutation(sendChatMessage, {
      content,
      clientKey: randomUUID(),
    });
    const pages: string[] = [];
    const samples: Sample[] = [];
    const stops: (() => void)[] = [];
    const followPage = (page: number): void => {
      const look = (text: string | null): void => {
        if (text === null || text.length <= (pages[page]?.length ?? 0)) return;
        pages[page] = text;
        samples.push({ at: Date.now(), length: countedText(joined(pages)).length });
      };
      stops.push(client.onUpdate(streamPage, { messageId: answerId, page }, look));
    };
    let watched = 0;
    const watchUpTo = (count: number): void => {
      for (; watched < count; watched += 1) followPage(watched);
    };
    // As the page does: what is open, and one page ahead.
    watchUpTo(2);
    stops.push(
      client.onUpdate(streamState, { messageId: answerId }, ({ pages }) => watchUpTo(pages + 1)),
    );
    void client.action(generateReply, { messageId: answerId });
    const final = await this.#untilComplete(sessionId, answerId, timeoutMs);
    samples.push({ at: Date.now(), length: countedText(final).length });
    for (const stop of stops) stop();
    return { samples, streamed: joined(pages), final };
  }

  async close(): Promise<void> {
    await this.#client.close();
  }

  #untilComplete(sessionId: string, answerId: string, timeoutMs: number): Promise<string> {
    return new Promise((resolve, reject) => {
      const args = { sessionId, paginationOpts: { numItems: 10, cursor: null } };
      const stop = this.#client.onUpdate(listMessages, args, ({ page }) => {
        const answer = page.find(({ _id }) => _id === answerId);
        if (!answer || answer.status === "pending" || answer.status === "streaming") return;
        clearTimeout(timer);
        stop();
        if (answer.status === "complete") resolve(answer.content);
        else reject(new Error(`An answer ended as ${answer.status}.`));
      });
      const timer = setTimeout(() => {
        stop();
        reject(new Error(`No whole answer within ${timeoutMs} ms.`));
      }, timeoutMs);
    });
  }
}

function joined(pages: readonly string[]): string {
  return pages.join("");
}
