import { expect, type Page } from "@playwright/test";
import { chatAbout, chatList } from "./chat-list.ts";
import { arrive } from "./person.ts";
import { test, useProduct } from "./use-product.ts";

const product = useProduct();

const TIDES = { question: "hello, the tides briefly", title: "Hello tides briefly" };

test.describe("on a phone", () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test("the chats are a drawer: by button, by swipe, with the focus kept in it", async ({
    page,
  }) => {
    await arrive(page, product());
    await chatAbout(page, TIDES.question, TIDES.title);
    const drawer = page.getByRole("dialog", { name: "Chats and pages" });
    const opener = page.getByRole("button", { name: "Open chats" });
    await opener.click();
    await expect(drawer).toBeVisible();
    for (let i = 0; i < 20; i++) {
      await page.keyboard.press("Tab");
      expect(await drawer.evaluate((box) => box.contains(document.activeElement))).toBe(true);
    }
    await page.keyboard.press("Escape");
    await expect(drawer).toBeHidden();
    await expect(opener).toBeFocused();

    await swipe(page, 8, 240);
    await expect(drawer).toBeVisible();
    for (const name of [/^Options for/, /^New chat/]) {
      const box = await drawer.getByRole("button", { name }).first().boundingBox();
      expect(box?.height).toBeGreaterThanOrEqual(40);
    }
    const line = await drawer.getByRole("link", { name: TIDES.title }).boundingBox();
    expect(line?.height).toBeGreaterThanOrEqual(44);
    await swipe(page, 300, 40);
    await expect(drawer).toBeHidden();
    await opener.click();
    await drawer.getByRole("link", { name: TIDES.title }).click();
    await expect(drawer).toBeHidden();
  });

  test("on its side the chats in the drawer are reached too", async ({ page }) => {
    await page.setViewportSize({ width: 740, height: 360 });
    await arrive(page, product());
    await chatAbout(page, TIDES.question, TIDES.title);
    await chatList(page);
    const [lastPage, newChat] = [
      await page.getByRole("link", { name: "Settings" }).boundingBox(),
      await page.getByRole("button", { name: "New chat", exact: true }).boundingBox(),
    ];
    expect(lastPage!.y + lastPage!.height).toBeLessThanOrEqual(newChat!.y);
    await page.getByRole("button", { name: "Select chats" }).click();
    const box = page.getByRole("checkbox", { name: TIDES.title });
    await box.scrollIntoViewIfNeeded();
    await expect(box).toBeInViewport({ ratio: 1 });
    const [chats, account] = [
      await page.getByRole("group", { name: "Chosen chats" }).boundingBox(),
      await page.getByRole("button", { name: "Sign out" }).boundingBox(),
    ];
    expect(chats!.y + chats!.height).toBeLessThanOrEqual(account!.y);
  });

  test("at 320 px nothing is cut off or scrolls sideways", async ({ page }) => {
    await page.setViewportSize({ width: 320, height: 640 });
    await arrive(page, product());
    await chatAbout(page, TIDES.question, TIDES.title);
    const overflow = () =>
      page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(await overflow()).toBe(0);
    for (const name of ["Share chat", "Open chats", "Send message"]) {
      await expect(page.getByRole("button", { name })).toBeInViewport({ ratio: 1 });
    }
    await chatList(page);
    expect(await overflow()).toBe(0);
  });
});

/** A finger across the middle of the page. */
async function swipe(page: Page, from: number, to: number): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const touch = (type: "touchStart" | "touchMove" | "touchEnd", x: number) =>
    session.send("Input.dispatchTouchEvent", {
      type,
      touchPoints: type === "touchEnd" ? [] : [{ x, y: 500 }],
    });
  await touch("touchStart", from);
  for (let step = 1; step <= 8; step++) await touch("touchMove", from + ((to - from) * step) / 8);
  await touch("touchEnd", to);
  await session.detach();
}
