import { readFileSync } from "node:fs";
import { expect, type Locator, type Page } from "@playwright/test";
import { modelQuestion, spendAllBut } from "./spending.ts";
import { answers, ask, messageField, newPerson, signIn, untilAnswered } from "./person.ts";
import { test, useProduct } from "./use-product.ts";

const product = useProduct();

function balance(page: Page): Locator {
  return page.getByRole("status", { name: "Credits" });
}

/** The toast that tells that credits are running out. */
function warning(page: Page): Locator {
  return page.getByText("19 credits left, about 6 messages", { exact: true });
}

function shortfall(page: Page): Locator {
  return page.getByRole("dialog", { name: "Not enough credits" });
}

/** Somebody with an account and so many credits left, at `path`. */
async function personWith(page: Page, credits: number, path: string): Promise<void> {
  const person = newPerson();
  await spendAllBut(product().convexUrl, person, credits);
  await signIn(page, `${product().url}${path}`, person);
}

test("the balance falls live with each message, tells what it is made of, and warns once", async ({
  page,
  context,
}) => {
  await personWith(page, 22, "/chat");
  await expect(balance(page)).toHaveText("22");
  const other = await context.newPage();
  await other.goto(`${product().url}/usage`);
  await expect(balance(other)).toHaveText("22");
  await page.bringToFront();

  const warnings = async (): Promise<number> =>
    (await warning(page).count()) + (await warning(other).count());
  expect(await warnings()).toBe(0);
  await ask(page, modelQuestion("falls below twenty"));
  // Together: the toast goes again after a few seconds. Both tabs count as seen here, so that
  // either may tell it.
  await Promise.all([
    expect.poll(warnings).toBe(1),
    expect(balance(page)).toHaveText("19"),
    expect(balance(other)).toHaveText("19"),
  ]);
  await untilAnswered(page);
  const chart = other.getByRole("application", { name: "Day by day, with the arrow keys" });
  await expect(chart).toBeVisible();

  await page.getByRole("button", { name: "About your credits: 19 left" }).click();
  const about = page.getByRole("dialog", { name: "Your credits" });
  await expect(about).toContainText(/Free, this month\s*19/);
  await expect(about).toContainText(/back at 100 on 1 [A-Z][a-z]+ at \d\d:\d\d/);
  await page.keyboard.press("Escape");
  await expect(about).toBeHidden();

  await page.reload();
  await expect(balance(page)).toHaveText("19");
  await ask(page, modelQuestion("goes on falling"));
  await expect(balance(page)).toHaveText("16");
  await untilAnswered(page);
  await expect(page.getByText(/\d+ credits left, about \d messages$/)).toHaveCount(0);
});

test("without enough credits a dialog leads to more, and what was typed stays", async ({
  page,
}) => {
  await personWith(page, 1, "/chat");
  await expect(balance(page)).toHaveText("1");
  await messageField(page).fill("What is a tide?");
  await page.getByRole("button", { name: "Send message" }).click();
  const dialog = shortfall(page);
  await expect(dialog).toContainText("This costs 3 credits and you have 1: 2 missing.");
  await expect(dialog).toContainText(/100 free credits come on 1 [A-Z][a-z]+ at \d\d:\d\d/);
  await dialog.getByRole("button", { name: "Not now" }).click();
  await expect(dialog).toBeHidden();
  await expect(messageField(page)).toHaveValue("What is a tide?");
  await expect(answers(page)).toHaveCount(0);
  await expect(balance(page)).toHaveText("1");

  await page.getByRole("button", { name: "Send message" }).click();
  await shortfall(page).getByRole("button", { name: "Buy more" }).click();
  await expect(page).toHaveURL(/\/pricing$/);
  await expect(page.getByRole("dialog", { name: "Buy credits" })).toBeVisible();
  await page.keyboard.press("Escape");
  await page.goBack();
  await expect(messageField(page)).toHaveValue("What is a tide?");
});

test("an answer tells its cost on demand, and the usage page every change of the balance", async ({
  page,
}) => {
  await personWith(page, 13, "/chat");
  await ask(page, "hello, please fail with 401");
  await untilAnswered(page);
  await ask(page, modelQuestion("is paid"));
  await untilAnswered(page);
  const cost = answers(page)
    .last()
    .getByRole("button", { name: /^Cost:/ });
  await expect(cost).toContainText(/\d+ tokens · 3 credits/);
  await cost.click();
  await expect(answers(page).last()).toContainText(/Tokens sent\s*\d+/);

  await page.getByRole("link", { name: "Usage" }).click();
  await expect(page.getByRole("heading", { name: "Usage" })).toBeVisible();
  const rows = page.getByRole("table").getByRole("row");
  await expect(rows.nth(1)).toContainText(/Chat message.*−3\s*10$/);
  await expect(rows.nth(2)).toContainText(/Refund: chat message.*\+3\s*13$/);
  await expect(page.getByRole("figure")).toHaveAttribute(
    "aria-label",
    /Credits spent on each of 30/,
  );

  const shown = await rows.count();
  await page.getByRole("button", { name: "Show older" }).click();
  await expect.poll(() => rows.count()).toBeGreaterThan(shown);
  await expect(rows.last()).toContainText(/First free credits.*\+100\s*100$/);

  await page.getByRole("combobox", { name: "Kind" }).selectOption("Refunds");
  await expect(rows).toHaveCount(2);
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download CSV" }).click();
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/^parley-credits-refund-\d{4}-\d\d-\d\d\.csv$/);
  const lines = readFileSync(await file.path(), "utf8")
    .trimEnd()
    .split("\r\n");
  expect(lines).toHaveLength(2);
  expect(lines[1]).toMatch(/,refund,Refund: chat message,.*,3,13$/);
});
