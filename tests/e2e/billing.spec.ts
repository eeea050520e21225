import { expect, type Page } from "@playwright/test";
import { ConvexHttpClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";
import { SandboxControl } from "../billing/sandbox-process.ts";
import { answers, arrive, messageField, questions, untilAnswered } from "./person.ts";
import { test, useProduct } from "./use-product.ts";

const product = useProduct();
const send = makeFunctionReference<"mutation">("chat/messages:sendChatMessage");
const sandbox = () => new SandboxControl(product().autumnUrl);

const balance = (page: Page) => page.getByRole("status", { name: "Credits" });
const dialog = (page: Page) => page.getByRole("dialog", { name: "Buy credits" });

/** Spends what 33 messages cost, as another window of the same person would. */
async function spendAll(token: string) {
  const client = new ConvexHttpClient(product().convexUrl, { logger: false });
  client.setAuth(token);
  for (let count = 0; count < 33; count++) {
    await client.mutation(send, { content: "answer with 1 token", clientKey: `spend ${count}` });
  }
}

test("out of credits, one buys, pays, comes back to a grown balance, and sends the waiting message", async ({
  page,
}) => {
  const { token } = await arrive(page, product());
  await spendAll(token);
  await expect(balance(page)).toHaveText("1");
  await messageField(page).fill("hello, this waits");
  await page.getByRole("button", { name: "Send message" }).click();
  await page
    .getByRole("dialog", { name: "Not enough credits" })
    .getByRole("button", { name: "Buy more" })
    .click();
  await dialog(page).getByRole("button", { name: "Buy 500 credits" }).click();
  await expect(page).toHaveURL(/\/checkout\//);
  await expect(page.getByText("No money moves")).toBeVisible();
  await page.getByRole("button", { name: "Pay" }).click();

  await expect(page.getByRole("heading", { name: "Your 500 credits are here." })).toBeVisible();
  await expect(balance(page)).toHaveText("501");
  await page.getByRole("link", { name: "Back to your message" }).click();
  await expect(messageField(page)).toHaveValue("hello, this waits");
  await page.getByRole("button", { name: "Send message" }).click();
  await expect(questions(page).last()).toHaveText("hello, this waits");
  await untilAnswered(page);
  await expect(answers(page).last()).toContainText("hello, this waits");
  await expect(balance(page)).toHaveText("498");

  await page.goto(`${product().url}/usage`);
  const row = page.getByRole("row").filter({ hasText: "Bought: 500 credits" });
  await expect(row).toContainText("+500");
  await expect(row.getByRole("link", { name: "Receipt" })).toHaveAttribute("href", /\/invoices\//);
});

test("what is declined or cancelled comes back with a sentence and no credits", async ({
  page,
}) => {
  await arrive(page, product());
  for (const [button, says] of [
    ["Decline", "The payment was declined."],
    ["Cancel", "You left the checkout."],
  ] as const) {
    await page.goto(`${product().url}/pricing`);
    await page.getByRole("button", { name: "Buy 1,000 credits" }).click();
    await page.getByRole("button", { name: button }).click();
    await expect(page.getByRole("heading", { name: says })).toBeVisible();
    await expect(page.getByRole("status").filter({ hasText: "Nothing was charged" })).toBeVisible();
    await expect(balance(page)).toHaveText("100");
  }
});

test("a payment whose messages are lost and whose invoice is late is processing, and then there", async ({
  page,
}) => {
  await arrive(page, product());
  await page.goto(`${product().url}/pricing`);
  await sandbox().faults({ webhooks: { drop: 1 }, api: { invoiceDelayMs: 8000 } });
  await page.getByRole("button", { name: "Buy 5,000 credits" }).click();
  await page.getByRole("button", { name: "Pay" }).click();
  await expect(page.getByText("Your payment is processing.")).toBeVisible();
  await expect(page.getByRole("heading", { name: "Your 5,000 credits are here." })).toBeVisible();
  await expect(balance(page)).toHaveText("5,100");
  await sandbox().faults({});
});

test("Pro is bought, unlimited, past due, cancelled in the portal, and ends", async ({ page }) => {
  await arrive(page, product());
  await page.goto(`${product().url}/pricing`);
  const plan = page.getByRole("region", { name: "Your plan" });
  await expect(plan).toContainText("You are on Free.");
  await page.getByRole("button", { name: "Upgrade to Pro" }).click();
  await page.getByRole("button", { name: "Pay" }).click();
  await expect(page.getByRole("heading", { name: "You are on Pro." })).toBeVisible();
  await expect(balance(page)).toHaveText("Unlimited");
  await page.goto(`${product().url}/chat`);
  await expect(page.getByText("Included in Pro", { exact: true })).toBeVisible();
  await expect(page.getByText("Every message is included in Pro.")).toBeVisible();
  await expect(page.getByText(/\d credits/)).toHaveCount(0);

  await page.goto(`${product().url}/pricing`);
  await expect(plan).toContainText("It renews on");
  await expect(page.getByText(/While Pro runs, no credits are used/)).toBeVisible();
  const newest = (await sandbox().invoices()).findLast(({ planIds }) => planIds.includes("pro"));
  const customer = `customers/${newest?.customerId}`;
  await sandbox().post(`${customer}/past-due`);
  await expect(plan).toContainText("Your last payment failed.");
  await expect(balance(page)).toHaveText("Unlimited");

  await plan.getByRole("button", { name: "Manage billing" }).click();
  await page.getByRole("button", { name: "Update card" }).click();
  await page.getByRole("button", { name: "Cancel subscription" }).click();
  await page.getByRole("link", { name: "Go back" }).click();
  await expect(plan).toContainText("It is cancelled and ends on");
  await expect(balance(page)).toHaveText("Unlimited");
  await sandbox().post(`${customer}/advance-period`);
  await expect(plan).toContainText("You are on Free.");
  await expect(balance(page)).toHaveText("100");
});

test("with Autumn out of reach buying says so, and chatting goes on", async ({ page }) => {
  await arrive(page, product());
  await page.goto(`${product().url}/pricing`);
  await sandbox().faults({ api: { status: 500 } });
  await page.getByRole("button", { name: "Buy 500 credits" }).click();
  await expect(page.getByRole("alert")).toContainText("Nothing was charged.", { timeout: 20_000 });
  await page.goto(`${product().url}/chat`);
  await messageField(page).fill("hello all the same");
  await page.getByRole("button", { name: "Send message" }).click();
  await untilAnswered(page);
  await expect(balance(page)).toHaveText("97");
  await sandbox().faults({});
});

test("a visitor reads the prices, and signs in to buy", async ({ page }) => {
  await page.goto(`${product().url}/pricing`);
  await expect(page.getByRole("heading", { name: "Credits when you need them." })).toBeVisible();
  await page.getByRole("button", { name: "Buy 500 credits" }).click();
  await expect(page).toHaveURL(/\/sign-in\?to=%2Fpricing/);
});
