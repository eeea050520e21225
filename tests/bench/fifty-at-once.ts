import { onlyCall } from "../product/model-calls.ts";
import { AnswerPage } from "./answer-page.ts";
import { quantile, type Figure } from "./report.ts";
import type { Setting } from "./setting.ts";
import { newAccount, Subscriber } from "./subscriber.ts";
import { countedText, tokenLatencies, type Sample } from "./token-latency.ts";

const SUBSCRIBERS = 50;
const TOKENS = 300;
const ANSWER_TIMEOUT_MS = 60_000;
const LIMIT_MS = 150;

/** Answers of fifty people that grow at once, each followed by a client, and one more in a browser. */
export async function fiftyAtOnce(setting: Setting): Promise<Figure[]> {
  const { browser, product, bareUrl } = setting;
  const subscribers = await connect(product.convexUrl);
  const page = await AnswerPage.ofProduct(browser, product);
  const pageQuestion = `Fifty, page: answer with ${TOKENS} tokens`;
  const [inPage, ...followed] = await Promise.all([
    page.ask(pageQuestion, ANSWER_TIMEOUT_MS),
    ...subscribers.map((subscriber, index) => subscriber.ask(questionOf(index), ANSWER_TIMEOUT_MS)),
  ]);
  await Promise.all([page.close(), ...subscribers.map((subscriber) => subscriber.close())]);

  let right = 0;
  const latencies: number[] = [];
  for (const [index, { samples, streamed, final }] of followed.entries()) {
    const call = await onlyCall(product.modelsUrl, questionOf(index));
    if (final === call.text && call.text.startsWith(streamed)) right += 1;
    latencies.push(...tokenLatencies(call, samples));
  }
  const pageCall = await onlyCall(product.modelsUrl, pageQuestion);
  if (inPage.text.startsWith(countedText(pageCall.text))) right += 1;
  const pageLatencies = tokenLatencies(pageCall, inPage.samples);

  const bare = await fiftyBare(bareUrl, product.modelsUrl);
  const shares = [0.5, 0.95].flatMap((share): Figure[] => {
    const common = { measure: "50 at once", unit: "ms", baseline: quantile(bare, share) } as const;
    const limit = share === 0.95 ? LIMIT_MS : null;
    const name = `p${share * 100}`;
    return [
      { ...common, name: `${name}, clients`, value: quantile(latencies, share), limit },
      { ...common, name: `${name}, page`, value: quantile(pageLatencies, share), limit },
    ];
  });
  return [
    ...shares,
    {
      measure: "50 at once",
      name: `wrong texts of ${SUBSCRIBERS + 1}`,
      unit: "answers",
      value: SUBSCRIBERS + 1 - right,
      baseline: null,
      limit: 0,
    },
  ];
}

async function connect(convexUrl: string): Promise<Subscriber[]> {
  const subscribers: Subscriber[] = [];
  while (subscribers.length < SUBSCRIBERS) {
    subscribers.push(new Subscriber(convexUrl, await newAccount(convexUrl)));
  }
  return subscribers;
}

/** The same number of answers through the bare proxy, followed by this process. */
async function fiftyBare(bareUrl: string, modelsUrl: string): Promise<number[]> {
  const numbers = Array.from({ length: SUBSCRIBERS + 1 }, (_, index) => index);
  const followed = await Promise.all(
    numbers.map((index) => followBare(bareUrl, bareQuestionOf(index))),
  );
  const latencies: number[] = [];
  for (const [index, samples] of followed.entries()) {
    latencies.push(...tokenLatencies(await onlyCall(modelsUrl, bareQuestionOf(index)), samples));
  }
  return latencies;
}

async function followBare(bareUrl: string, question: string): Promise<Sample[]> {
  const response = await fetch(`${bareUrl}/chat`, { method: "POST", body: question });
  if (!response.body) throw new Error("The bare proxy sent nothing.");
  const samples: Sample[] = [];
  let answer = "";
  let rest = "";
  for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) answer += line.startsWith("data: {") ? contentOf(line) : "";
    samples.push({ at: Date.now(), length: countedText(answer).length });
  }
  return samples;
}

function contentOf(line: string): string {
  const chunk = JSON.parse(line.slice("data: ".length)) as {
    choices: { delta?: { content?: string } }[];
  };
  return chunk.choices[0]?.delta?.content ?? "";
}

function questionOf(index: number): string {
  return `Fifty ${index}: answer with ${TOKENS} tokens`;
}

function bareQuestionOf(index: number): string {
  return `Bare fifty ${index}: answer with ${TOKENS} tokens`;
}
