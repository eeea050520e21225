import { expect, type Page } from "@playwright/test";
import { expectAccessible } from "./accessible.ts";
import { answers, enter, newPerson, questions, stopButton, untilAnswered } from "./person.ts";
import { test, useProduct } from "./use-product.ts";

const product = useProduct();

const quickChat = (page: Page) => page.getByRole("region", { name: "Quick Chat" });

async function openDashboard(page: Page) {
  await page.goto(`${product().url}/`);
  await page.getByRole("button", { name: "Sign up" }).click();
  await enter(page, newPerson(), "Sign up");
  await expect(quickChat(page)).toBeVisible();
}

test("a new person is shown three steps, asks from the dashboard, and finds the chat there again", async ({
  page,
}) => {
  await openDashboard(page);
  const steps = page.getByRole("region", { name: "First steps" });
  await expect(steps.getByRole("listitem")).toHaveCount(3);
  await expect(page.getByRole("status", { name: "Credits" })).toHaveText("100");
  await expectAccessible(page);

  const question = "answer with 3000 tokens";
  const field = quickChat(page).getByRole("textbox", { name: "Ask anything" });
  await field.fill(question);
  await page.reload();
  await expect(field).toHaveValue(question);
  await field.focus();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/chat/);
  await expect(questions(page)).toHaveText(question);
  await expect(answers(page).last()).toHaveAttribute("aria-busy", "true");
  await expect(page).toHaveURL(/\/chat\/CH-000001$/);
  await expect(answers(page).last()).toContainText(/\w{3}/);
  await stopButton(page).click();
  await untilAnswered(page);

  await page.getByRole("link", { name: "Dashboard" }).click();
  await expect(quickChat(page).getByRole("link")).toHaveCount(1);
  await expect(steps.getByLabel("Done")).toHaveCount(1);
  await quickChat(page).getByRole("link").click();
  await expect(page).toHaveURL(/\/chat\/CH-000001$/);
});

test("a long title leaves the credits beside it their width", async ({ page }) => {
  await page.setViewportSize({ width: 820, height: 1180 });
  await openDashboard(page);
  const credits = page.getByRole("region", { name: "Credits" });
  const width = async () => (await credits.boundingBox())?.width;
  const before = await width();
  await quickChat(page)
    .getByRole("textbox")
    .fill(`hello ${"Rindfleischetikettierung".repeat(8)}`);
  await page.keyboard.press("Enter");
  await untilAnswered(page);
  await page.getByRole("link", { name: "Dashboard" }).click();
  await expect(quickChat(page).getByRole("link")).toHaveCount(1);
  expect(await width()).toBe(before);
});

test("projects and what is to be done next stand on the dashboard, live, and chats draw on them", async ({
  page,
  context,
}) => {
  await openDashboard(page);
  const other = await context.newPage();
  await other.goto(`${product().url}/projects`);
  await other.getByRole("button", { name: "New project" }).click();
  await other.getByRole("textbox", { name: "Name", exact: true }).fill("Bakery launch");
  await other.getByRole("button", { name: "Create project" }).click();
  for (const title of ["Order the oven", "Sign the lease"]) {
    await other.getByRole("textbox", { name: "Task title" }).fill(title);
    await other.getByRole("button", { name: "New task" }).click();
    await expect(other.getByRole("button", { name: `Edit ${title}` })).toBeVisible();
  }
  await other.getByRole("button", { name: "Edit Sign the lease" }).click();
  await other.getByLabel("Due").fill("2020-01-31");

  const tasks = page.getByRole("region", { name: "Active tasks" });
  await expect(tasks.getByRole("listitem")).toHaveText([
    /Sign the lease.*Overdue/,
    /Order the oven/,
  ]);
  // With a due day or without, the projects stand in one column.
  const [left, right] = await tasks.getByText("Bakery launch").all();
  expect((await left?.boundingBox())?.x).toBe((await right?.boundingBox())?.x);
  await expect(page.getByRole("region", { name: "Projects" })).toContainText("0 of 2 tasks");
  await expectAccessible(page);
  await tasks.getByRole("checkbox", { name: "Done: Sign the lease" }).click();
  await expect(tasks.getByRole("listitem")).toHaveText([/Order the oven/]);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(tasks.getByRole("listitem")).toHaveCount(2);

  await other.getByRole("button", { name: "Chat", exact: true }).click();
  await other.getByRole("textbox", { name: "Message" }).fill("what is in my context?");
  await other.getByRole("button", { name: "Send message" }).click();
  await untilAnswered(other);
  await expect(answers(other).last()).toContainText("TK-000001 Order the oven");
  await expect(other.getByRole("link", { name: "In project Bakery launch" })).toBeVisible();
});
