import { readFileSync } from "node:fs";
import { type BrowserContext, expect, type Locator, type Page } from "@playwright/test";
import { importRows } from "../product/import-rows.ts";
import { consoleErrors, expectAccessible } from "./axe.ts";
import { chatAbout, chatList, choose } from "./chat-list.ts";
import {
  answers,
  arrive,
  ask,
  messageField,
  questions,
  stopButton,
  untilAnswered,
} from "./person.ts";
import { test, useProduct } from "./use-product.ts";

const product = useProduct();
// A long file: its tests are spread over the workers.
test.describe.configure({ mode: "parallel" });

const TIDES = { question: "hello, the tides briefly", title: "Hello tides briefly" };
const BREAD = { question: "hi, baking bread, short", title: "Hi baking bread short" };

const link = async (page: Page, name: string) =>
  (await chatList(page)).getByRole("link", { name, exact: true });

/** Another device of the same person. */
async function elsewhere(context: BrowserContext, address: string): Promise<Page> {
  const browser = context.browser();
  if (browser === null) throw new Error("There is no browser.");
  const other = await browser.newContext({ storageState: await context.storageState() });
  const page = await other.newPage();
  await page.goto(address);
  return page;
}

for (const width of [390, 1440]) {
  test.describe(`at ${width} px`, () => {
    test.use({ viewport: { width, height: 844 }, hasTouch: width === 390 });
    let errors: string[] = [];
    test.beforeEach(({ page }) => {
      errors = consoleErrors(page);
    });
    test.afterEach(() => {
      expect(errors).toEqual([]);
    });

    test("a chat gets a title, is renamed in place, pinned, archived and saved as a file", async ({
      page,
    }) => {
      await arrive(page, product());
      await chatAbout(page, TIDES.question, TIDES.title);
      await choose(page, TIDES.title, "Rename");
      const name = page.getByRole("textbox", { name: "Name of the chat" });
      await expect(name).toBeFocused();
      await name.fill("Moon");
      await name.press("Enter");
      await expect(await link(page, "Moon")).toBeFocused();
      await choose(page, "Moon", "Rename");
      await name.fill("Not this");
      await name.press("Escape");
      await expect(await link(page, "Moon")).toBeVisible();
      await choose(page, "Moon", "Rename");
      await name.fill("Sea");
      await name.blur();
      await expect(await link(page, "Sea")).toBeVisible();

      await choose(page, "Sea", "Pin");
      const list = await chatList(page);
      await expect(list.getByRole("heading")).toHaveText(["Pinned"]);
      await choose(page, "Sea", "Archive");
      await expect(list.getByRole("link")).toHaveCount(0);
      await expect(page.getByRole("button", { name: "New chat", exact: true })).toBeFocused();
      await page.getByRole("button", { name: "Archived chats" }).click();
      const archive = page.getByRole("navigation", { name: "Archived chats" });
      await expect(archive.getByRole("link", { name: "Sea" })).toBeVisible();
      await archive.getByRole("link", { name: "Sea" }).hover();
      await archive.getByRole("button", { name: "Options for Sea" }).click();
      await page.getByRole("menuitem", { name: "Unarchive" }).click();
      await page.getByRole("button", { name: "All chats" }).click();
      await expect(await link(page, "Sea")).toBeVisible();

      for (const [format, holds] of [
        ["Markdown", `## You,`],
        ["JSON", `"format": "parley.chat"`],
      ] as const) {
        await choose(page, "Sea", "Export");
        const saved = page.waitForEvent("download");
        await page.getByRole("button", { name: format, exact: true }).click();
        const text = readFileSync(await (await saved).path(), "utf8");
        expect(text).toContain(holds);
        expect(text).toContain(TIDES.question);
      }
    });

    test("a deleted chat comes back with Undo, and without it is nowhere", async ({
      page,
      context,
    }) => {
      await arrive(page, product());
      const id = await chatAbout(page, TIDES.question, TIDES.title);
      const other = await elsewhere(context, page.url());
      await expect(questions(other)).toHaveText(TIDES.question);

      await choose(page, TIDES.title, "Delete");
      await expect(page).toHaveURL(/\/chat$/);
      await expect(other.getByRole("heading", { name: "Nothing here." })).toBeVisible();
      await page.getByRole("button", { name: "Undo" }).click();
      await expect(page).toHaveURL(new RegExp(`${id}$`));
      await expect(questions(page)).toHaveText(TIDES.question);
      await expect(questions(other)).toHaveText(TIDES.question);

      await choose(page, TIDES.title, "Delete");
      await expect(page.getByText("Chat deleted")).toBeVisible();
      await expect(page.getByText("Chat deleted")).toBeHidden({ timeout: 15_000 });
      for (const address of [id, "CH-999999", "nonsense"]) {
        await page.goto(`${product().url}/chat/${address}`);
        await expect(page.getByRole("heading", { name: "Nothing here." })).toBeVisible();
        await expect(page).toHaveTitle("Nothing here · Parley");
      }
      await other.context().close();
    });

    test("a running answer and an unread one are marked on every device, until it is seen", async ({
      page,
      context,
    }) => {
      await arrive(page, product());
      const other = await elsewhere(context, `${product().url}/chat`);
      await ask(page, "Mark: answer with 300 tokens at 20 tokens a second");
      const list = await chatList(other);
      await expect(list.getByRole("img", { name: "Answer is being written" })).toBeVisible();
      await expect(page).toHaveURL(/CH-000001$/);
      await page.goto(`${product().url}/chat`);
      await expect(list.getByRole("img", { name: "Unread answer" })).toBeVisible();
      await expect(other).toHaveTitle("(1) New chat · Parley");
      await page.goto(`${product().url}/chat/CH-000001`);
      await expect(answers(page)).toBeVisible();
      await expect(list.getByRole("img")).toHaveCount(0);
      await expect(other).toHaveTitle("New chat · Parley");
      await other.context().close();
    });

    test("what is typed is found in titles and messages, and leads there", async ({ page }) => {
      await arrive(page, product());
      const id = await chatAbout(page, TIDES.question, TIDES.title);
      await chatAbout(page, BREAD.question, BREAD.title);
      await chatList(page);
      const field = page.getByRole("searchbox", { name: "Search chats" });
      await field.fill("tid");
      const results = page.getByRole("navigation", { name: "Search results" });
      await expect(results.getByRole("region", { name: "Chats" }).getByRole("link")).toHaveText([
        TIDES.title,
      ]);
      const messages = results.getByRole("region", { name: "Messages" }).getByRole("link");
      await expect(messages.first().locator("mark").first()).toHaveText("tid");
      await expectAccessible(page);
      await field.press("ArrowDown");
      await expect(results.getByRole("link").first()).toBeFocused();
      await messages.filter({ hasText: TIDES.question }).first().click();
      await expect(page).toHaveURL(new RegExp(`/chat/${id}\\?message=`));
      const found = page.locator("[data-found]");
      await expect(found).toContainText(TIDES.question);
      await expect(found).toBeFocused();
      await expect(found).toBeInViewport();

      if (width === 390) await page.getByRole("button", { name: "Open chats" }).click();
      await field.fill("zeppelin");
      await expect(results).toContainText("Nothing in your chats has “zeppelin”.");
      await field.press("Escape");
      await expect(field).toHaveValue("");
    });

    test("the list, a menu, the palette and the dialogs have nothing for axe", async ({ page }) => {
      await arrive(page, product());
      await chatAbout(page, TIDES.question, TIDES.title);
      await expectAccessible(page);
      await chatList(page);
      await expectAccessible(page);
      const options = page.getByRole("button", { name: `Options for ${TIDES.title}` });
      await options.click({ force: true });
      await expect(page.getByRole("menu")).toBeVisible();
      // An open menu stands in no landmark, and hides the page behind it while it keeps the focus.
      await expectAccessible(page, ["region", "aria-hidden-focus", "page-has-heading-one"]);
      await page.getByRole("menuitem", { name: "Export" }).click();
      await expect(page.getByRole("dialog", { name: "Export chat" })).toBeVisible();
      await expectAccessible(page);
      await page.keyboard.press("Escape");
      await page.keyboard.press("Control+k");
      await expect(page.getByRole("dialog", { name: "Search and commands" })).toBeVisible();
      await expectAccessible(page);
      await page.keyboard.press("Escape");
      await page.keyboard.press("Control+/");
      await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
      await expectAccessible(page);
    });
  });
}

test("everything is reached from the keyboard, and single keys can be turned off", async ({
  page,
  context,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const errors = consoleErrors(page);
  await arrive(page, product());
  const first = await chatAbout(page, TIDES.question, TIDES.title);
  const second = await chatAbout(page, BREAD.question, BREAD.title);
  const at = (id: string) => expect(page).toHaveURL(new RegExp(`/chat/${id}$`));

  await page.keyboard.press("Alt+ArrowDown");
  await at(first);
  await expect(answers(page)).toContainText("tides");
  await page.keyboard.press("Alt+ArrowUp");
  await at(second);
  await expect(answers(page)).toContainText("baking bread");
  // A key that follows another at once counts from where that one leads.
  for (const key of ["Down", "Up", "Down", "Up"]) await page.keyboard.press(`Alt+Arrow${key}`);
  await at(second);
  await expect(answers(page)).toContainText("baking bread");
  // What is still on its way after so many moves cannot be copied yet.
  await expect(async () => {
    await page.keyboard.press("Alt+Shift+C");
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toContain("You said: “hi, baking bread, short”");
  }).toPass();

  await page.keyboard.press("Control+k");
  const palette = page.getByRole("dialog", { name: "Search and commands" });
  await palette.getByRole("combobox").fill("tides bri");
  await expect(palette.getByRole("option", { name: TIDES.title }).first()).toBeVisible();
  await page.keyboard.press("Enter");
  await at(first);
  await expect(palette).toBeHidden();

  await messageField(page).fill("n?j");
  const thread = page.getByRole("log", { name: "Messages" });
  await thread.focus();
  // Who moves by single keys is reading: the next one must not be a letter of a message.
  for (const [key, id] of [
    ["k", second],
    ["j", first],
    ["k", second],
  ] as const) {
    await page.keyboard.press(key);
    await at(id);
    await expect(thread).toBeFocused();
  }
  await page.keyboard.press("?");
  const help = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await help.getByRole("switch", { name: "Single-key shortcuts" }).click();
  await page.keyboard.press("Escape");
  await expect(help).toBeHidden();
  await thread.focus();
  await page.keyboard.press("?");
  await page.keyboard.press("j");
  await at(second);
  await page.keyboard.press("Shift+Escape");
  await expect(messageField(page)).toBeFocused();

  await ask(page, "Stop: answer with 3000 tokens");
  await expect(stopButton(page)).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(answers(page).last()).toContainText("Stopped by you");
  await page.keyboard.press("Control+Shift+O");
  await expect(page).toHaveURL(/\/chat$/);
  expect(errors).toEqual([]);
});

test("a version that is not shown is found by its words, and shown when it is opened", async ({
  page,
}) => {
  await arrive(page, product());
  const id = await chatAbout(page, TIDES.question, TIDES.title);
  await page.getByRole("button", { name: "Edit message" }).click();
  const editor = page.getByRole("textbox", { name: "Edit your message" });
  await editor.fill("hi, of lighthouses, short");
  await editor.press("Enter");
  await expect(questions(page)).toHaveText("hi, of lighthouses, short");
  await untilAnswered(page);
  await chatAbout(page, BREAD.question, BREAD.title);

  await page.getByRole("searchbox", { name: "Search chats" }).fill("the tides briefly");
  const results = page.getByRole("navigation", { name: "Search results" });
  const messages = results.getByRole("region", { name: "Messages" }).getByRole("link");
  await messages.filter({ hasText: TIDES.question }).first().click();
  await expect(page).toHaveURL(new RegExp(`/chat/${id}\\?message=`));
  await expect(questions(page)).toHaveText(TIDES.question);
  await expect(page.getByRole("status", { name: "Version 1 of 2" })).toBeVisible();
});

test.describe("in forced colours", () => {
  test.use({ contextOptions: { forcedColors: "active" } });

  test("what is chosen, open or on shows by a line", async ({ page }) => {
    await arrive(page, product());
    await chatAbout(page, TIDES.question, TIDES.title);
    const outline = (of: Locator) =>
      of.evaluate((element) => getComputedStyle(element).outlineStyle);
    expect(await outline(page.getByRole("link", { name: TIDES.title }))).toBe("solid");
    expect(await outline(questions(page))).toBe("solid");
    const toggle = page.getByRole("switch");
    expect(await toggle.evaluate((element) => getComputedStyle(element).boxShadow)).not.toBe(
      "none",
    );
    await page.keyboard.press("Control+k");
    expect(await outline(page.getByRole("dialog").getByRole("option", { selected: true }))).toBe(
      "solid",
    );
  });
});

test("of 5,000 chats those in view are on the page, and more come as one scrolls", async ({
  page,
}) => {
  await arrive(page, product());
  const userId = await page.evaluate(() => {
    const key = Object.keys(localStorage).find((name) => name.startsWith("__convexAuthJWT"));
    const payload = localStorage.getItem(key ?? "")?.split(".")[1] ?? "";
    return (JSON.parse(atob(payload)) as { sub: string }).sub.split("|")[0];
  });
  const now = Date.now();
  const sessions = Array.from({ length: 5000 }, (_, index) => ({
    userId,
    displayId: `CH-${100_000 + index}`,
    title: `Chat ${index}`,
    titledBy: "model",
    createdAt: now - index * 3_600_000,
    updatedAt: now - index * 3_600_000,
    messageCount: 0,
    mark: "none",
    isPinned: false,
    isArchived: false,
    deletedAt: null,
  }));
  await importRows(product(), "chatSessions", sessions);
  const list = await chatList(page);
  await expect(list.getByRole("link", { name: "Chat 0", exact: true })).toBeVisible();
  const height = () => list.evaluate((box) => box.scrollHeight);
  for (const wanted of [70, 120]) {
    await expect
      .poll(
        async () => {
          await list.evaluate((box) => box.scrollBy(0, 1500));
          const last = await list.getByRole("link").last().textContent();
          return Number(last?.replace("Chat ", ""));
        },
        { intervals: [100], timeout: 45_000 },
      )
      .toBeGreaterThan(wanted);
    expect(await list.getByRole("link").count()).toBeLessThan(80);
  }
  expect(await height()).toBeGreaterThan(100 * 30);
});
