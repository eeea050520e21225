import { expect, type Page } from "@playwright/test";
import { modelCalls } from "../product/model-calls.ts";
import { consoleErrors, expectAccessible } from "./axe.ts";
import {
  answers,
  arrive,
  ask,
  chatId,
  enter,
  messageField,
  questions,
  signUp,
  stopButton,
  untilAnswered,
} from "./person.ts";
import { test, useProduct } from "./use-product.ts";

const product = useProduct();
// A long file: its tests are spread over the workers.
test.describe.configure({ mode: "parallel" });

const sendButton = (page: Page) => page.getByRole("button", { name: "Send message" });
const contextSwitch = (page: Page) =>
  page.getByRole("switch", { name: "Include my projects and tasks" });
const queue = (page: Page) => page.getByRole("region", { name: "Queued messages" });

for (const width of [390, 1440]) {
  test.describe(`at ${width} px`, () => {
    test.use({ viewport: { width, height: 844 } });

    test("a suggestion fills the field, which grows to a limit and counts near it", async ({
      page,
    }) => {
      await arrive(page, product());
      await expect(page.getByText("3 credits", { exact: true })).toBeVisible();
      await expect(page.getByRole("combobox", { name: "Model" })).toHaveValue("o4-mini");
      await expectAccessible(page);
      await page.getByRole("button", { name: "Got it" }).click();
      await page.getByRole("button", { name: "Explain tides to a new sailor" }).click();
      const field = messageField(page);
      await expect(field).toHaveValue("Explain tides to a new sailor");
      await expect(questions(page)).toHaveCount(0);

      await field.press("Shift+Enter");
      await field.pressSequentially("and to an old one");
      await expect(field).toHaveValue("Explain tides to a new sailor\nand to an old one");
      const low = await heightOf(page);
      await field.fill("line\n".repeat(200));
      const high = await heightOf(page);
      expect(high).toBeGreaterThan(low);
      expect(high).toBeLessThanOrEqual(844 * 0.4);
      await expect(sendButton(page)).toBeInViewport();

      await field.fill("x".repeat(15_800));
      await expect(page.getByText("200 left")).toBeVisible();
      await field.fill("x".repeat(16_001));
      await expect(page.getByText("1 over the limit")).toBeVisible();
      await expect(sendButton(page)).toBeDisabled();
      await field.fill("   \n ");
      await expect(sendButton(page)).toBeDisabled();
      expect(await overflow(page)).toBe(0);
    });

    test("a long paste is attached, edited, sent to the model, and opens from the message", async ({
      page,
    }) => {
      await arrive(page, product());
      await messageField(page).fill("hello, sum this up");
      await paste(page, `${"a line of a log\n".repeat(200)}the end`);
      await expect(messageField(page)).toHaveValue("hello, sum this up");
      await page.reload();
      await page.getByRole("button", { name: "Open Pasted text" }).click();
      const text = page.getByRole("textbox", { name: "Attached text" });
      await expect(text).toHaveValue(/the end$/);
      await text.fill("only this is left of the log");
      await page.getByRole("button", { name: "Save" }).click();
      await sendButton(page).click();
      await untilAnswered(page);

      const [call] = await callsWith("only this is left of the log");
      expect(call?.messages.at(-1)?.content).toContain("hello, sum this up");
      await expect(page.getByRole("button", { name: "Open Pasted text" })).toHaveCount(1);
      await page.reload();
      await page.getByRole("button", { name: "Open Pasted text" }).click();
      await expect(page.getByRole("dialog")).toContainText("only this is left of the log");
      await page.keyboard.press("Escape");
      await expect(page.getByRole("dialog")).toHaveCount(0);
    });

    test("projects go to the model only when asked for, and the person can see what was sent", async ({
      page,
    }) => {
      await arrive(page, product());
      const fields = { name: `Bakery ${width}`, description: "", links: [] };
      await call(page, "projects/projects:createProject", fields);
      await ask(page, `hello without ${width}`);
      await untilAnswered(page);
      await expect(contextSwitch(page)).not.toBeChecked();
      await contextSwitch(page).click();
      await page.getByRole("button", { name: "See what is sent" }).click();
      await expect(page.getByRole("dialog")).toContainText(`Bakery ${width}`);
      await page.keyboard.press("Escape");
      await page.reload();
      await expect(contextSwitch(page)).toBeChecked();
      await ask(page, `hello with ${width}`);
      await untilAnswered(page);

      const sent = async (question: string) =>
        (await modelCalls(product().modelsUrl, question))[0]?.messages[0]?.content;
      expect(await sent(`hello without ${width}`)).not.toContain("Bakery");
      expect(await sent(`hello with ${width}`)).toContain(`Bakery ${width}`);
      const whatWasSent = answers(page).getByRole("button", { name: "What was sent" });
      await whatWasSent.last().click();
      const dialog = page.getByRole("dialog", { name: "What was sent" });
      await expect(dialog).toContainText(`Bakery ${width}`);
      await expect(dialog).toContainText(`hello without ${width}`);
      if (width === 1440) await expectAccessible(page);
      await page.keyboard.press("Escape");
      await whatWasSent.first().click();
      await expect(dialog).toContainText("Nothing of your projects and tasks was in it.");
    });

    test("messages queue up while an answer is written: edited, deleted, sent now, sent by themselves", async ({
      page,
    }) => {
      const errors = consoleErrors(page);
      await arrive(page, product());
      await ask(page, "First: answer with 3000 tokens");
      await chatId(page);
      await expect(stopButton(page)).toBeVisible();
      for (const text of ["hello one", "hello two", "hello three"]) {
        await messageField(page).fill(text);
        if (width === 390) await page.getByRole("button", { name: "Queue message" }).click();
        else await messageField(page).press("Enter");
        await expect(queue(page)).toContainText(text);
      }
      await expect(messageField(page)).toHaveValue("");
      await messageField(page).fill("half a thought");
      await expectAccessible(page);

      const row = (text: string) => queue(page).getByRole("listitem").filter({ hasText: text });
      await row("hello one").getByRole("button", { name: "Edit queued message" }).click();
      await queue(page).getByRole("textbox", { name: "Queued text" }).fill("hello one, changed");
      await queue(page).getByRole("button", { name: "Save" }).click();
      await row("hello two").getByRole("button", { name: "Delete queued message" }).click();
      await expect(queue(page).getByRole("listitem")).toHaveCount(2);
      await page.reload();
      await expect(queue(page).getByRole("listitem")).toHaveCount(2);

      await row("hello three").getByRole("button", { name: "Send now" }).click();
      await expect(queue(page)).toHaveCount(0, { timeout: 20_000 });
      await untilAnswered(page);
      await expect(questions(page)).toHaveText([
        "First: answer with 3000 tokens",
        "hello three",
        "hello one, changed",
      ]);
      await expect(answers(page).first()).toContainText("Stopped by you");
      await expect(answers(page).last()).toContainText("hello one, changed");
      await expect(messageField(page)).toHaveValue("half a thought");
      await expect(page.getByRole("status", { name: "Credits" })).toHaveText("91");
      expect(errors).toEqual([]);
    });
  });
}

test("a queued message is held while its editor is open, and not after the page was reloaded or left", async ({
  page,
}) => {
  await arrive(page, product());
  await ask(page, "First: answer with 1500 tokens");
  const id = await chatId(page);
  await messageField(page).fill("hello one");
  await messageField(page).press("Enter");
  const openEditor = async () => {
    await expect(queue(page)).toContainText("Next, when the answer is complete");
    await queue(page).getByRole("button", { name: "Edit queued message" }).click();
    await expect(queue(page)).toContainText("Waiting for you: the first message is held");
  };
  await openEditor();
  await page.reload();
  await openEditor();
  await page.getByRole("button", { name: "New chat" }).first().click();
  await expect(queue(page)).toHaveCount(0);
  await page.goto(`${product().url}/chat/${id}`);
  await expect(questions(page)).toHaveText(["First: answer with 1500 tokens", "hello one"], {
    timeout: 120_000,
  });
});

test("what is typed for a queued message comes back with its editor, or into the composer when it was sent", async ({
  page,
}) => {
  await arrive(page, product());
  await ask(page, "First: answer with 1500 tokens");
  await chatId(page);
  await messageField(page).fill("hello, waiting");
  await messageField(page).press("Enter");
  await queue(page).getByRole("button", { name: "Edit queued message" }).click();
  const editor = queue(page).getByRole("textbox", { name: "Queued text" });
  await editor.fill("hello, waiting, half a thou");
  await page.reload();
  await expect(editor).toHaveValue("hello, waiting, half a thou");
  await expect(queue(page)).toContainText("Waiting for you: the first message is held");

  // Left, it goes on as it was.
  await page.getByRole("button", { name: "New chat" }).first().click();
  await expect(queue(page)).toHaveCount(0);
  await expect
    .poll(() => modelCalls(product().modelsUrl, "hello, waiting"), { timeout: 120_000 })
    .toHaveLength(1);
  await page.goBack();
  await expect(messageField(page)).toHaveValue("hello, waiting, half a thou");
  await expect(page.getByRole("alert")).toContainText("does not wait any more");
  await expect(queue(page)).toHaveCount(0);
});

test("two tabs have the same draft of a chat, and neither takes anything from the other", async ({
  page,
  context,
}) => {
  await arrive(page, product());
  await ask(page, "hello");
  await untilAnswered(page);
  await chatId(page);
  const other = await context.newPage();
  await other.goto(page.url());
  await messageField(page).fill("begun here");
  await expect(messageField(other)).toHaveValue("begun here");
  await messageField(other).press("End");
  await messageField(other).pressSequentially(", ended there");
  await expect(messageField(page)).toHaveValue("begun here, ended there");
  await page.reload();
  await expect(messageField(page)).toHaveValue("begun here, ended there");
  await messageField(page).press("Enter");
  await expect(messageField(other)).toHaveValue("");
});

test("after one's own Stop, Enter sends at once", async ({ page }) => {
  await arrive(page, product());
  await ask(page, "First: answer with 3000 tokens");
  await chatId(page);
  await expect(answers(page).last()).toContainText(/\w{3}/);
  await messageField(page).fill("hello after the stop");
  await stopButton(page).click();
  await messageField(page).press("Enter");
  await expect(questions(page)).toHaveCount(2);
  await expect(queue(page)).toHaveCount(0);
  await untilAnswered(page);
  await expect(answers(page).first()).toContainText("Stopped by you");
  await expect(answers(page).last()).toContainText("hello after the stop");
  expect(await modelCalls(product().modelsUrl, "hello after the stop")).toHaveLength(1);
});

test("a file that is dropped onto the chat is attached", async ({ page }) => {
  await arrive(page, product());
  await page.getByRole("heading", { level: 1 }).evaluate((heading) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File(["a line of a log"], "ship.log", { type: "text/plain" }));
    for (const type of ["dragover", "drop"]) {
      heading.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
    }
  });
  await expect(page.getByRole("button", { name: "Open ship.log" })).toBeVisible();
});

test("an expired session loses nothing that was typed, nor where it was typed", async ({
  page,
}) => {
  const person = await signUp(page, product().url);
  await ask(page, "hello, the first");
  await untilAnswered(page);
  const address = page.url();
  await messageField(page).fill("half a thought");
  const other = await page.context().newPage();
  await other.goto(`${product().url}/chat`);
  await other.getByRole("button", { name: "Sign out" }).click();
  await expect(other.getByRole("textbox", { name: "Email" })).toBeVisible();
  await other.close();
  await enter(page, person, "Sign in");
  await expect(page).toHaveURL(address);
  await expect(messageField(page)).toHaveValue("half a thought");
});

test("the server refuses what is empty or too long, whatever the page lets through", async ({
  page,
}) => {
  await arrive(page, product());
  const send = async (content: string) =>
    await call(page, "chat/messages:sendChatMessage", { content, clientKey: `k${content.length}` });
  expect(await send("  \n ")).toMatchObject({ errorData: { code: "EMPTY_MESSAGE" } });
  expect(await send("x".repeat(16_001))).toMatchObject({ errorData: { code: "MESSAGE_TOO_LONG" } });
  await expect(page.getByRole("status", { name: "Credits" })).toHaveText("100");
});

async function heightOf(page: Page): Promise<number> {
  return (await messageField(page).boundingBox())?.height ?? 0;
}

/** How much wider than the window the page is. */
function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
}

async function paste(page: Page, text: string): Promise<void> {
  await messageField(page).evaluate((field, pasted) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", pasted);
    field.dispatchEvent(
      new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }),
    );
  }, text);
  await expect(page.getByRole("button", { name: "Open Pasted text" })).toBeVisible();
}

async function callsWith(text: string) {
  const response = await fetch(
    `${product().modelsUrl}/control/calls?contains=${encodeURIComponent(text)}`,
  );
  return (await response.json()) as Awaited<ReturnType<typeof modelCalls>>;
}

/** Calls a mutation as the person who is signed in on the page. */
async function call(page: Page, path: string, args: object): Promise<unknown> {
  const token = await page.evaluate(() => {
    const key = Object.keys(localStorage).find((name) => name.startsWith("__convexAuthJWT"));
    return key === undefined ? "" : localStorage.getItem(key);
  });
  const response = await fetch(`${product().convexUrl}/api/mutation`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
    body: JSON.stringify({ path, args, format: "json" }),
  });
  return await response.json();
}
