import { type Page, expect } from "@playwright/test";
import { type ModelCall, modelCalls } from "../product/model-calls.ts";
import {
  answers,
  arrive,
  ask,
  chatId,
  messageField,
  questions,
  stopButton,
  untilAnswered,
} from "./person.ts";
import { test, useProduct } from "./use-product.ts";

const product = useProduct();

const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
const log = (page: Page) => page.getByRole("log", { name: "Messages" });

const CUT = "answer with 80 tokens, and please cut the answer after 30 tokens";

/** Pixels between the end of the conversation and the end of the view. */
function distanceToEnd(page: Page): Promise<number> {
  return log(page).evaluate(
    ({ scrollHeight, scrollTop, clientHeight }) => scrollHeight - scrollTop - clientHeight,
  );
}

/** The roles of what the model was sent when it was asked to go on with `text`. */
async function rolesSentAfter(text: string): Promise<string[]> {
  const address = `${product().modelsUrl}/control/calls?contains=Your+last+answer+broke+off`;
  const calls = (await (await fetch(address)).json()) as ModelCall[];
  const call = calls.findLast(({ messages }) => messages.some(({ content }) => content === text));
  return call?.messages.map(({ role }) => role).slice(1) ?? [];
}

for (const width of [390, 1440]) {
  test.describe(`at ${width} px`, () => {
    test.use({ viewport: { width, height: 800 }, hasTouch: width === 390 });

    test("answers are asked for again, questions edited, and every version stays reachable", async ({
      page,
    }) => {
      await arrive(page, product());
      await ask(page, "hello one");
      await untilAnswered(page);
      await ask(page, "hello two");
      await untilAnswered(page);
      const first = answers(page).first();
      await button(page, "Regenerate").last().click();
      await expect(answers(page).last()).toContainText("2/2");
      await untilAnswered(page);

      await questions(page).first().hover();
      await button(page, "Edit message").first().click();
      const editor = page.getByRole("textbox", { name: "Edit your message" });
      await expect(editor).toHaveValue("hello one");
      await editor.fill("hello uno, how many messages were there before?");
      await editor.press("Enter");
      await expect(questions(page)).toHaveCount(1);
      await untilAnswered(page);
      await expect(first).toContainText("I was sent 1 message");

      await button(page, "Previous version").click();
      await expect(questions(page)).toHaveText(["hello one", "hello two"]);
      await expect(answers(page).last()).toContainText("2/2");
      await expect(button(page, "Previous version").first()).toBeFocused();
      await answers(page).last().getByRole("button", { name: "Previous version" }).click();
      await expect(answers(page).last()).toContainText("1/2");
      await ask(page, "hello three, list the history");
      await untilAnswered(page);
      const last = answers(page).last();
      await expect(last).toContainText("hello two");
      await expect(last).not.toContainText("hello uno");

      await page.reload();
      await expect(questions(page)).toHaveText([
        "hello one",
        "hello two",
        "hello three, list the history",
      ]);
      await button(page, "Next version").first().click();
      await expect(questions(page)).toHaveCount(1);
      await expect(questions(page)).toContainText("hello uno");
    });

    test("a cut answer goes on in its own bubble, a stopped one too, and thumbs are kept", async ({
      page,
    }) => {
      await arrive(page, product());
      await ask(page, CUT);
      await untilAnswered(page);
      const answer = answers(page).last();
      await expect(answer).toContainText("connection to the model was lost");
      const cut = await answer.locator(".markdown").innerText();
      await button(page, "Continue").click();
      await expect(button(page, "Continue")).toHaveCount(0);
      await untilAnswered(page);
      await expect(answers(page)).toHaveCount(1);
      const whole = await answer.locator(".markdown").innerText();
      expect(whole.startsWith(cut.trim())).toBe(true);
      expect(whole.length).toBeGreaterThan(cut.length);
      expect(await rolesSentAfter(CUT)).toEqual(["user", "assistant", "user"]);

      await button(page, "Good answer").click();
      await expect(button(page, "Good answer")).toHaveAttribute("aria-pressed", "true");
      await page.reload();
      await expect(button(page, "Good answer")).toHaveAttribute("aria-pressed", "true");

      await ask(page, "answer with 2000 tokens");
      await expect(answers(page).last().locator(".markdown")).toContainText(/\w{3}/);
      await stopButton(page).click();
      await expect(answers(page).last()).toContainText("Stopped by you");
      await expect(button(page, "Continue")).toBeVisible();
    });

    test("the end is followed until the person looks up, and again when they come back", async ({
      page,
    }) => {
      await arrive(page, product());
      await ask(page, "answer with 900 tokens");
      await expect.poll(() => log(page).evaluate((el) => el.scrollHeight)).toBeGreaterThan(1200);
      expect(await distanceToEnd(page)).toBeLessThan(60);

      await log(page).hover();
      await page.mouse.wheel(0, -30);
      const jump = button(page, "Jump to latest");
      await expect(jump).toBeVisible();
      const top = () => log(page).evaluate((el) => el.scrollTop);
      const left = await top();
      const height = await log(page).evaluate((el) => el.scrollHeight);
      await expect
        .poll(() => log(page).evaluate((el) => el.scrollHeight))
        .toBeGreaterThan(height + 100);
      expect(Math.abs((await top()) - left)).toBeLessThan(32);

      await jump.click();
      await expect(jump).toHaveCount(0);
      await untilAnswered(page);
      expect(await distanceToEnd(page)).toBeLessThan(4);
    });

    test("a chat is where it was read when one comes back, and at its end when it was there", async ({
      page,
    }) => {
      await arrive(page, product());
      for (const _ of [1, 2, 3]) {
        await ask(page, "answer with 400 tokens");
        await untilAnswered(page);
      }
      const id = await chatId(page);
      const other = async () => {
        await page.keyboard.press("Control+Shift+O");
        await expect(page).toHaveURL(/\/chat$/);
        await expect(answers(page)).toHaveCount(0);
      };
      const back = async () => {
        await page.goBack();
        await expect(page).toHaveURL(new RegExp(`${id}$`));
        await expect(answers(page).first()).toBeVisible();
      };
      const second = questions(page).nth(1);
      const place = async () => (await second.boundingBox())?.y ?? NaN;

      await log(page).hover();
      await page.mouse.wheel(0, -30);
      await log(page).evaluate((el) => {
        el.scrollTop = el.scrollHeight / 2 - 200;
      });
      await expect(button(page, "Jump to latest")).toBeVisible();
      await second.evaluate((el) => el.scrollIntoView({ block: "center" }));
      const before = await place();
      await other();
      await back();
      await expect.poll(async () => Math.abs((await place()) - before)).toBeLessThan(3);
      await expect(button(page, "Jump to latest")).toBeVisible();

      await button(page, "Jump to latest").click();
      await other();
      await back();
      await expect.poll(() => distanceToEnd(page)).toBeLessThan(4);
    });

    test("a browser without a network says so soon, and a message goes out once when it is back", async ({
      page,
      context,
    }) => {
      await arrive(page, product());
      await ask(page, "hello before");
      await untilAnswered(page);
      await context.setOffline(true);
      await expect(page.getByText("Offline. Sending waits.")).toBeVisible({ timeout: 4_000 });
      const question = `hello without a network at ${width}`;
      await messageField(page).fill(question);
      await button(page, "Send message").click();
      await expect(answers(page).last()).toHaveText("Sending…");
      await expect(page.getByRole("img", { name: "Thinking" })).toHaveCount(0);
      await context.setOffline(false);
      await untilAnswered(page);
      await expect(page.getByText("Offline. Sending waits.")).toHaveCount(0);
      await expect(questions(page)).toHaveText(["hello before", question]);
      expect(await modelCalls(product().modelsUrl, question)).toHaveLength(1);
    });

    test("a message sent while the line is down goes out once when it is back", async ({
      page,
    }) => {
      let isDown = false;
      const open = new Set<{ close: () => Promise<void> }>();
      await page.routeWebSocket(/\/api\/.*sync/, async (socket) => {
        if (isDown) return socket.close();
        socket.connectToServer();
        open.add(socket);
      });
      await arrive(page, product());
      await ask(page, "hello before");
      await untilAnswered(page);
      isDown = true;
      await Promise.all([...open].map((socket) => socket.close()));
      await expect(page.getByText("Reconnecting…")).toBeVisible();
      const question = `hello after the break at ${width}`;
      await messageField(page).fill(question);
      await button(page, "Send message").click();
      await expect(questions(page).last()).toHaveText(question);
      await expect(messageField(page)).toHaveValue("");
      isDown = false;
      await untilAnswered(page);
      await expect(page.getByText("Reconnecting…")).toHaveCount(0);
      await expect(questions(page)).toHaveText(["hello before", question]);
      expect(await modelCalls(product().modelsUrl, question)).toHaveLength(1);
    });
  });
}
