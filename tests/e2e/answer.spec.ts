import { expect } from "@playwright/test";
import { modelCalls, onlyCall } from "../product/model-calls.ts";
import { bare, recordedSteps, recordSteps, shownText } from "./answer-text.ts";
import {
  answers,
  arrive,
  ask,
  chatId,
  messageField,
  questions,
  signIn,
  signUp,
  stopButton,
  untilAnswered,
} from "./person.ts";
import { test, useProduct } from "./use-product.ts";

const product = useProduct();

test("sign up, ask, and the answer grows in at least ten visible steps", async ({ page }) => {
  await signUp(page, product().url);
  await recordSteps(page, "now");
  const question = "Grow: answer with 600 tokens";
  await ask(page, question);
  await untilAnswered(page);

  const growing = (await recordedSteps(page)).filter(({ isGrowing, text }) => isGrowing && text);
  expect(growing.length).toBeGreaterThanOrEqual(10);
  growing.slice(1).forEach(({ text }, index) => {
    expect(text.startsWith(growing[index]?.text ?? "")).toBe(true);
  });
  const { text } = await onlyCall(product().modelsUrl, question);
  expect((await shownText(page)).startsWith(bare(text))).toBe(true);
});

test("the first answer says what it is, its markdown is drawn, and the next knows the history", async ({
  page,
}) => {
  await arrive(page, product());
  await ask(page, "Why is the sky blue?");
  await untilAnswered(page, 60_000);
  const first = answers(page).first();
  await expect(first).toContainText("demonstration model, not a real one");
  await expect(first).toContainText("AZURE_OPENAI_ENDPOINT");
  await expect(first.getByRole("listitem").first()).toBeVisible();
  await expect(first.getByRole("table").first()).toBeVisible();
  await expect(first.locator("pre").first()).toContainText("export function countWords");

  await ask(page, "How many messages were there before?");
  await untilAnswered(page);
  await expect(answers(page).last()).toContainText("I was sent 3 messages");
  await expect(answers(page).last()).toContainText("You said: “Why is the sky blue?”");
});

test("a reload in the middle shows the prefix at once, the rest follows, and nothing is lost", async ({
  page,
}) => {
  await arrive(page, product());
  // A page that is opened again may take seconds on a busy machine.
  const question = "Reload: answer with 1200 tokens";
  await ask(page, question);
  await chatId(page);
  await expect.poll(async () => (await shownText(page)).length).toBeGreaterThan(300);
  const before = await shownText(page);
  await recordSteps(page, "next");
  await page.reload();
  const firstSeen = async () => (await recordedSteps(page)).find(({ text }) => text !== "");
  await expect.poll(firstSeen).toBeDefined();
  const first = await firstSeen();
  expect(first?.isGrowing).toBe(true);
  expect(first?.text.startsWith(before)).toBe(true);

  await untilAnswered(page);
  const { text } = await onlyCall(product().modelsUrl, question);
  expect((await shownText(page)).startsWith(bare(text))).toBe(true);
});

test("a second browser and a second tab see the same answer grow; a stranger sees nothing", async ({
  page,
  browser,
}) => {
  const person = await signUp(page, product().url);
  await ask(page, "hello, to have an address");
  const address = `${product().url}/chat/${await chatId(page)}`;
  await untilAnswered(page);

  const elsewhere = await (await browser.newContext()).newPage();
  await signIn(elsewhere, address, person);
  const tab = await page.context().newPage();
  await tab.goto(address);
  const stranger = await (await browser.newContext()).newPage();
  await arrive(stranger, product());
  await stranger.goto(address);
  for (const viewer of [elsewhere, tab]) {
    await expect(questions(viewer)).toHaveCount(1);
    await recordSteps(viewer, "now");
  }

  const question = "Everywhere: answer with 600 tokens";
  await ask(page, question);
  const { text } = await untilFinished(question);
  for (const viewer of [page, elsewhere, tab]) {
    await untilAnswered(viewer);
    expect((await shownText(viewer)).startsWith(bare(text))).toBe(true);
  }
  for (const viewer of [elsewhere, tab]) {
    const steps = (await recordedSteps(viewer)).filter(({ isGrowing }) => isGrowing);
    expect(steps.length).toBeGreaterThanOrEqual(10);
  }
  await expect(stranger.getByRole("article")).toHaveCount(0);
  await expect(stranger.locator("body")).not.toContainText("Everywhere");
  await elsewhere.context().close();
  await stranger.context().close();
});

test("stop: the text stays as seen, the model's call ends, and the next message works", async ({
  page,
}) => {
  await arrive(page, product());
  const question = "Stop: answer with 3000 tokens";
  await ask(page, question);
  await expect.poll(async () => (await shownText(page)).length).toBeGreaterThan(200);
  await recordSteps(page, "now");
  await stopButton(page).click();
  await untilAnswered(page);

  await expect
    .poll(async () => (await onlyCall(product().modelsUrl, question)).state)
    .toBe("aborted");
  const { text } = await onlyCall(product().modelsUrl, question);
  const seen = withoutEnding(await shownText(page));
  expect(bare(text).startsWith(seen)).toBe(true);
  const grown = (await recordedSteps(page)).filter(({ isGrowing }) => isGrowing);
  for (const step of grown) expect(seen.startsWith(step.text)).toBe(true);

  await page.reload();
  await expect(answers(page)).toContainText("Stopped by you");
  expect(withoutEnding(await shownText(page))).toBe(seen);

  await ask(page, "hello again, briefly");
  await untilAnswered(page);
  await expect(answers(page).last()).toContainText("hello again, briefly");
});

test("a double click on Send or Stop sends or stops once, and leaves the focus in the field", async ({
  page,
}) => {
  await arrive(page, product());
  await messageField(page).fill("answer with 2000 tokens");
  await page.getByRole("button", { name: "Send message" }).dblclick();
  await expect(answers(page).last()).toContainText(/\w{3}/);
  await expect(messageField(page)).toBeFocused();
  await stopButton(page).dblclick();
  await untilAnswered(page);
  await expect(messageField(page)).toBeFocused();
  await expect(questions(page)).toHaveCount(1);
});

test("a draft survives a reload, and a sent message is not sent twice", async ({ page }) => {
  await arrive(page, product());
  await messageField(page).fill("hello, half a thought");
  await page.reload();
  await expect(messageField(page)).toHaveValue("hello, half a thought");
  await page.getByRole("button", { name: "Send message" }).dblclick();
  await untilAnswered(page);
  await expect(messageField(page)).toHaveValue("");
  await expect(questions(page)).toHaveCount(1);
  expect(await modelCalls(product().modelsUrl, "hello, half a thought")).toHaveLength(1);
});

async function untilFinished(question: string) {
  await expect
    .poll(async () => (await modelCalls(product().modelsUrl, question))[0]?.state, {
      timeout: 20_000,
    })
    .toBe("finished");
  return onlyCall(product().modelsUrl, question);
}

/** The line below a stopped answer is no part of its text. */
function withoutEnding(shown: string): string {
  return shown.replace(/Stoppedbyyou.*$/, "");
}
