import { expect } from "@playwright/test";
import { consoleErrors, expectAccessible } from "./axe.ts";
import { chatAbout, chatList, choose } from "./chat-list.ts";
import { arrive, ask, chatId } from "./person.ts";
import { test, useProduct } from "./use-product.ts";

const product = useProduct();
test.describe.configure({ mode: "parallel" });

const TIDES = { question: "hello, the tides briefly", title: "Hello tides briefly" };
const BREAD = { question: "hi, baking bread, short", title: "Hi baking bread short" };
const LIGHT = { question: "hi, of lighthouses, short", title: "Hi lighthouses short" };

for (const width of [390, 1440]) {
  test.describe(`at ${width} px`, () => {
    test.use({ viewport: { width, height: 844 }, hasTouch: width === 390 });

    test("several chats are archived, deleted and brought back together", async ({ page }) => {
      const errors = consoleErrors(page);
      await arrive(page, product());
      for (const { question, title } of [TIDES, BREAD, LIGHT]) {
        await chatAbout(page, question, title);
      }
      const list = await chatList(page);
      const bar = page.getByRole("group", { name: "Chosen chats" });
      const box = (title: string) => page.getByRole("checkbox", { name: title, exact: true });

      await choose(page, BREAD.title, "Select");
      await expect(box(BREAD.title)).toBeFocused();
      await expect(box(BREAD.title)).toBeChecked();
      await expect(list.getByRole("link")).toHaveCount(0);
      await box(TIDES.title).click();
      await expect(bar.getByRole("status")).toHaveText("2 chosen");
      await expectAccessible(page);
      await bar.getByRole("button", { name: "Archive" }).click();
      await expect(page.getByText("2 chats archived")).toBeVisible();
      await expect(list.getByRole("link")).toHaveText([LIGHT.title]);
      await expect(page.getByRole("button", { name: "Select chats" })).toBeFocused();
      await page.getByRole("button", { name: "Undo" }).click();
      await expect(list.getByRole("link")).toHaveCount(3);

      // All at once, and none.
      await page.getByRole("button", { name: "Select chats" }).click();
      await bar.getByRole("button", { name: "Select all" }).click();
      await expect(bar.getByRole("status")).toHaveText("3 chosen");
      await bar.getByRole("button", { name: "Select none" }).click();
      await expect(bar.getByRole("status")).toHaveText("Choose chats");
      await page.keyboard.press("Escape");

      // All of them, the open one too, with Shift for those in between.
      await page.getByRole("button", { name: "Select chats" }).click();
      await expect(box(LIGHT.title)).toBeFocused();
      await expect(bar.getByRole("button", { name: "Delete" })).toBeDisabled();
      await page.keyboard.press("Space");
      await box(TIDES.title).click({ modifiers: ["Shift"] });
      await expect(bar.getByRole("status")).toHaveText("3 chosen");
      await bar.getByRole("button", { name: "Delete" }).click();
      await expect(page).toHaveURL(/\/chat$/);
      await expect(page.getByText("3 chats deleted")).toBeVisible();
      await page.getByRole("button", { name: "Undo" }).click();
      await expect(page).toHaveURL(/CH-000003$/);
      await chatList(page);
      await expect(list.getByRole("link")).toHaveCount(3);

      // Esc leaves everything as it is, and closes nothing else.
      await choose(page, LIGHT.title, "Select");
      await page.keyboard.press("Escape");
      await expect(bar).toBeHidden();
      await expect(list.getByRole("link")).toHaveCount(3);
      await expect(page.getByRole("button", { name: "Select chats" })).toBeFocused();
      expect(errors).toEqual([]);
    });

    test("the archive says that it is the archive", async ({ page }) => {
      await arrive(page, product());
      await chatAbout(page, TIDES.question, TIDES.title);
      await choose(page, TIDES.title, "Archive");
      await chatList(page);
      await page.getByRole("button", { name: "Archived chats" }).click();
      await expect(page.getByRole("heading", { name: "Archived chats" })).toBeVisible();
      await expectAccessible(page);
    });

    test("while chats are chosen, the unread mark stands beside the title", async ({ page }) => {
      await arrive(page, product());
      await ask(page, "Extraordinarily longwinded lighthouses: answer with 100 tokens");
      await chatId(page);
      await page.goto(`${product().url}/chat`);
      const list = await chatList(page);
      await expect(list.getByRole("img", { name: "Unread answer" })).toBeVisible();
      await page.getByRole("button", { name: "Select chats" }).click();
      const line = page.getByRole("checkbox");
      const title = await line.locator(".truncate").boundingBox();
      const mark = await line.getByLabel("Unread answer").locator("span").boundingBox();
      expect(title!.x + title!.width).toBeLessThan(mark!.x);
    });
  });
}
