import { expect } from "@playwright/test";
import { ConvexHttpClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";
import { consoleErrors, expectAccessible } from "./axe.ts";
import { arrive, ask, chatId, questions, untilAnswered } from "./person.ts";
import { test, useProduct } from "./use-product.ts";

const WEEK_MS = 7 * 86_400_000;

const product = useProduct();

const sharedChat = makeFunctionReference<"query">("sharing/snapshots:sharedChat");
const sharedMessages = makeFunctionReference<"query">("sharing/snapshots:sharedMessages");

for (const width of [390, 1440]) {
  test.describe(`at ${width} px`, () => {
    test.use({ viewport: { width, height: 844 } });

    test("a link shows a stranger the chat as it was, until it is revoked", async ({
      page,
      browser,
    }) => {
      const errors = consoleErrors(page);
      await arrive(page, product());
      await ask(page, "hello, for everybody");
      await untilAnswered(page);
      await chatId(page);
      await page.getByRole("button", { name: "Share chat" }).click();
      const dialog = page.getByRole("dialog", { name: "Share chat" });
      await dialog.getByRole("button", { name: "Create link" }).click();
      const address = await dialog
        .getByRole("link", { name: "Open link" })
        .getAttribute("href", { timeout: 10_000 });
      expect(address).toMatch(/\/share\/[\w-]{22}$/);
      await expectAccessible(page);
      await page.keyboard.press("Escape");
      await expect(page.getByRole("button", { name: "Share chat" })).toBeFocused();
      await ask(page, "hello, for myself");
      await untilAnswered(page);

      const stranger = await (
        await browser.newContext({ viewport: { width, height: 844 } })
      ).newPage();
      const strangersErrors = consoleErrors(stranger);
      await stranger.goto(address ?? "");
      await expect(stranger.getByRole("article", { name: "Question" })).toHaveText(
        "hello, for everybody",
      );
      await expect(stranger.getByRole("article", { name: "Answer" })).toContainText(
        "You said: “hello, for everybody”",
      );
      await expect(stranger.locator("body")).not.toContainText("for myself");
      await expect(stranger.getByRole("textbox")).toHaveCount(0);
      await expect(stranger.locator("meta[name=robots]")).toHaveAttribute("content", "noindex");
      await expectAccessible(stranger);

      await page.getByRole("button", { name: "Share chat" }).click();
      await dialog.getByRole("button", { name: "Revoke link" }).click();
      await expect(dialog.getByRole("button", { name: "Revoke link" })).toHaveCount(0);
      // The open page, the page opened anew, and the functions behind it.
      await expect(stranger.getByRole("heading", { name: "Nothing here." })).toBeVisible();
      await expect(stranger.locator("body")).not.toContainText("for everybody");
      await stranger.reload();
      await expect(stranger.getByRole("heading", { name: "Nothing here." })).toBeVisible();
      await expectAccessible(stranger);
      const token = address?.split("/").at(-1);
      const convex = new ConvexHttpClient(product().convexUrl);
      expect(await convex.query(sharedChat, { token })).toBeNull();
      expect(await convex.query(sharedMessages, { token, page: 0 })).toBeNull();

      await page.keyboard.press("Escape");
      await expect(questions(page)).toHaveText(["hello, for everybody", "hello, for myself"]);
      expect([...errors, ...strangersErrors]).toEqual([]);
      await stranger.context().close();
    });

    test("a link that was made for 7 days says until when it works", async ({ page }) => {
      const errors = consoleErrors(page);
      await arrive(page, product());
      await ask(page, "hello, for a week");
      await untilAnswered(page);
      await page.getByRole("button", { name: "Share chat" }).click();
      const dialog = page.getByRole("dialog", { name: "Share chat" });
      await dialog.getByRole("combobox", { name: "Link works" }).selectOption("For 7 days");
      const earliest = Date.now() + WEEK_MS;
      await dialog.getByRole("button", { name: "Create link" }).click();
      const line = dialog.getByRole("listitem").getByText("· expires ");
      await expect(line).toBeVisible();
      const latest = Date.now() + WEEK_MS;
      const [, moment = ""] =
        /· expires (\d+ \w+ \d{4} at \d\d:\d\d)$/.exec((await line.textContent()) ?? "") ?? [];
      // The moment is told to the minute.
      const expiresAt = Date.parse(moment.replace(" at ", " "));
      expect(expiresAt).toBeGreaterThan(earliest - 60_000);
      expect(expiresAt).toBeLessThanOrEqual(latest);
      await expectAccessible(page);

      const address = await dialog.getByRole("link", { name: "Open link" }).getAttribute("href");
      await page.goto(address ?? "");
      await expect(page.getByRole("main")).toContainText(`and open until ${moment}.`);
      await expectAccessible(page);
      expect(errors).toEqual([]);
    });
  });
}
