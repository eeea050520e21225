import { readFileSync } from "node:fs";
import { expect } from "@playwright/test";
import { expectAccessible } from "./accessible.ts";
import {
  arrive,
  ask,
  enter,
  newPerson,
  questions,
  signIn,
  signUp,
  untilAnswered,
} from "./person.ts";
import { test, useProduct } from "./use-product.ts";

const product = useProduct();

test("a person sets a name, a theme, a preset and a new password, which counts everywhere", async ({
  page,
  browser,
}) => {
  const person = await signUp(page, product().url);
  const elsewhere = await (await browser.newContext()).newPage();
  await signIn(elsewhere, `${product().url}/settings`, person);

  await page.getByRole("link", { name: "Settings" }).click();
  const name = `Ada${"a".repeat(57)}`;
  await page.getByRole("textbox", { name: "Name", exact: true }).fill(name);
  await page.getByRole("button", { name: "Save profile" }).click();
  await expect(page.getByText("Your profile is saved.")).toBeVisible();
  await expectAccessible(page);
  await page.getByLabel("Theme", { exact: true }).selectOption("Dark");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await page.getByRole("switch", { name: /Include my projects and tasks/ }).click();
  await page.getByRole("link", { name: "Dashboard" }).click();
  const greeting = page.getByText(`, ${name}.`);
  await expect(greeting).toBeVisible();
  expect(await greeting.evaluate((line) => line.scrollWidth <= line.clientWidth)).toBe(true);
  await page.getByRole("link", { name: "Chat AI" }).click();
  await expect(page.getByRole("switch", { name: "Include my projects and tasks" })).toHaveAttribute(
    "aria-checked",
    "true",
  );

  await page.getByRole("link", { name: "Settings" }).click();
  const change = page.getByRole("button", { name: "Change password" });
  await page.getByLabel("Present password").fill("not the one");
  await page.getByLabel("New password").fill("another horse 8");
  await change.click();
  await expect(page.getByRole("alert")).toContainText("Nothing was changed.");
  await page.getByLabel("Present password").fill(person.password);
  await change.click();
  await expect(page.getByText(/Your password is changed/)).toBeVisible();
  await expect(elsewhere).toHaveURL(/\/sign-in/);
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/\/sign-in$/);
  await enter(page, person, "Sign in");
  await expect(page.getByRole("alert")).toHaveText("The email or the password is not right.");
  await enter(page, { ...person, password: "another horse 8" }, "Sign in");
  await expect(page.getByRole("button", { name: "Sign out" })).toBeVisible();
  await elsewhere.context().close();
});

test("everything of a person comes in one file, and the account goes with a way back", async ({
  page,
}) => {
  const person = await arrive(page, product());
  await ask(page, "hello, this is to be exported");
  await untilAnswered(page);
  await page.goto(`${product().url}/settings`);
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Export my data" }).click(),
  ]);
  const file = JSON.parse(readFileSync(await download.path(), "utf8")) as {
    email: string;
    data: Record<string, { content?: string }[]>;
  };
  expect(file.email).toBe(person.email);
  expect(file.data["chatMessages"]?.[0]?.content).toBe("hello, this is to be exported");
  expect(Object.keys(file.data).filter((table) => table.startsWith("auth"))).toEqual([]);

  await page.getByRole("button", { name: "Delete my account" }).click();
  const confirm = page.getByRole("button", { name: "Delete in seven days" });
  await expect(confirm).toBeDisabled();
  await page.getByRole("textbox", { name: /to confirm$/ }).fill(newPerson().email);
  await expect(confirm).toBeDisabled();
  await page.getByRole("textbox", { name: /to confirm$/ }).fill(person.email);
  await expectAccessible(page);
  await confirm.click();
  const pending = page.getByText(/Your account will be deleted on/);
  await expect(pending).toBeInViewport();
  for (const title of ["Dashboard", "Chat AI", "Projects", "Usage", "Pricing", "Settings"]) {
    await page.getByRole("link", { name: title, exact: true }).first().click();
    await expect(pending).toBeInViewport();
  }
  await expectAccessible(page);
  await page.reload();
  await page.getByRole("button", { name: "Keep my account" }).click();
  await expect(pending).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Delete my account" })).toBeVisible();
});

test("what is set for new chats holds for those begun from the dashboard too, and each may differ", async ({
  page,
}) => {
  await arrive(page, product());
  const model = page.getByRole("combobox", { name: "Model" });
  const context = page.getByRole("switch", { name: "Include my projects and tasks" });
  await expect(model).toHaveValue("o4-mini");
  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByLabel("Default model").selectOption("o3");
  await expect(page.getByText("Saved for new chats.")).toBeVisible();
  await page.getByRole("switch", { name: /Include my projects and tasks/ }).click();
  await page.reload();
  await expect(page.getByLabel("Default model")).toHaveValue("o3");

  await page.getByRole("link", { name: "Dashboard" }).click();
  await page.getByRole("textbox", { name: "Ask anything" }).fill("hello from the dashboard");
  await page.keyboard.press("Enter");
  await untilAnswered(page);
  await expect(context).toHaveAttribute("aria-checked", "true");
  await expect(model).toHaveValue("o3");
  await page.getByRole("button", { name: /^Cost:/ }).click();
  await expect(page.getByRole("term").first()).toHaveText("Model");
  await expect(page.getByRole("definition").first()).toHaveText("o3");

  await page.getByRole("button", { name: "New chat" }).first().click();
  // The chat before it has the same model, and is there until the new one is.
  await expect(questions(page)).toHaveCount(0);
  await expect(model).toHaveValue("o3");
  await expect(context).toHaveAttribute("aria-checked", "true");
  await model.selectOption("o4-mini");
  await context.click();
  await page.reload();
  await expect(model).toHaveValue("o4-mini");
  await expect(context).toHaveAttribute("aria-checked", "false");
  await ask(page, "hello as I like it");
  await untilAnswered(page);
  await expect(model).toHaveValue("o4-mini");
  await expect(context).toHaveAttribute("aria-checked", "false");
  await model.selectOption("o3");
  await page.reload();
  await expect(model).toHaveValue("o3");
  await page.getByRole("button", { name: "New chat" }).first().click();
  await expect(questions(page)).toHaveCount(0);
  await expect(model).toHaveValue("o3");
  await expect(context).toHaveAttribute("aria-checked", "true");
});

test("an answer that ends while one looks elsewhere is told outside the browser, if that is wanted", async ({
  page,
  context,
}) => {
  await context.grantPermissions(["notifications"]);
  // The browser's own, and what it was told to show.
  await page.addInitScript(() => {
    const shown: string[] = [];
    const Shown = class extends Notification {
      constructor(title: string, options?: NotificationOptions) {
        super(title, options);
        shown.push(`${title}: ${options?.body ?? ""}`);
      }
    };
    // A headless browser grants the permission and goes on saying that it is denied.
    Object.defineProperty(Shown, "permission", { value: "granted" });
    Object.assign(window, { Notification: Shown, shown });
  });
  const shown = () => page.evaluate(() => (window as unknown as { shown: string[] }).shown);

  await arrive(page, product());
  await page.getByRole("link", { name: "Settings" }).click();
  const wanted = page.getByRole("switch", { name: "Tell me when an answer is done" });
  await expect(wanted).not.toBeChecked();
  await wanted.click();
  await expect(wanted).toBeChecked();
  await expectAccessible(page);
  await page.reload();
  await expect(wanted).toBeChecked();

  await page.getByRole("link", { name: "Chat AI" }).click();
  await ask(page, "hello, the tides: answer with 100 tokens at 40 tokens a second");
  await expect(page).toHaveURL(/CH-000001$/);
  await page.getByRole("link", { name: "Dashboard" }).click();
  await page.evaluate(() => {
    document.hasFocus = () => false;
  });
  await expect(page).toHaveTitle("(1) Dashboard · Parley");
  const done = expect.stringMatching(/^An answer is done: .*tides/i);
  await expect.poll(shown).toEqual([done]);

  await page.getByRole("link", { name: "Chat AI" }).click();
  await ask(page, "the moon: answer with 100 tokens at 40 tokens a second, please cut the answer");
  await expect(page).toHaveURL(/CH-000002$/);
  await page.getByRole("link", { name: "Dashboard" }).click();
  await expect.poll(shown).toEqual([done, expect.stringMatching(/^An answer failed: .*moon/i)]);
});
