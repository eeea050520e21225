import { expect } from "@playwright/test";
import { consoleErrors } from "./axe.ts";
import { chatAbout, choose } from "./chat-list.ts";
import {
  ask,
  enter,
  messageField,
  newPerson,
  questions,
  signIn,
  signUp,
  untilAnswered,
} from "./person.ts";
import { test, useProduct } from "./use-product.ts";

const product = useProduct();

test("what is wrong with an email or a password is said in a sentence each", async ({ page }) => {
  const person = await signUp(page, product().url);
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("textbox", { name: "Email" })).toBeVisible();
  await page.goto(`${product().url}/sign-in`);
  const said = page.getByRole("alert");

  await enter(page, { ...person, password: "not the one" }, "Sign in");
  await expect(said).toHaveText("The email or the password is not right.");
  await expect(page.getByRole("button", { name: "Sign in" })).toBeFocused();
  await enter(page, newPerson(), "Sign in");
  await expect(said).toHaveText("The email or the password is not right.");

  await page.goto(`${product().url}/sign-up`);
  await enter(page, person, "Sign up");
  await expect(said).toHaveText(/already an account with this email/);
  await enter(page, { ...newPerson(), password: "short" }, "Sign up");
  await expect(said).toHaveText(/at least 8 characters/);
  await enter(page, { ...newPerson(), email: "nobody" }, "Sign up");
  await expect(said).toHaveText(/full email address/);

  await page.goto(`${product().url}/sign-in`);
  await enter(page, { ...person, email: ` ${person.email.toUpperCase()} ` }, "Sign in");
  await expect(page.getByRole("button", { name: "Sign out" })).toBeVisible();
});

test("whoever comes for the first time is told what this is", async ({ page }) => {
  await page.goto(`${product().url}/`);
  await expect(page.getByText("Parley is a chat with an AI model")).toBeVisible();
});

test("a visitor to a private page signs in and lands where they wanted to go", async ({
  page,
  browser,
}) => {
  const person = await signUp(page, product().url);
  await ask(page, "hello, for later");
  await expect(page).toHaveURL(/\/chat\/CH-000001$/);

  const elsewhere = await (await browser.newContext()).newPage();
  await signIn(elsewhere, `${product().url}/chat/CH-000001`, person);
  await expect(elsewhere).toHaveURL(`${product().url}/chat/CH-000001`);
  await expect(questions(elsewhere)).toHaveText("hello, for later");
  await elsewhere.context().close();
});

test("a session is kept over a reload, and signing out ends it in every tab", async ({ page }) => {
  await signUp(page, product().url);
  await page.reload();
  await expect(messageField(page)).toBeVisible();

  const other = await page.context().newPage();
  await other.goto(`${product().url}/chat`);
  await expect(messageField(other)).toBeVisible();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("textbox", { name: "Password" })).toBeVisible();
  await expect(other.getByRole("textbox", { name: "Password" })).toBeVisible();
  await page.goto(`${product().url}/chat`);
  await expect(page).toHaveURL(/\/sign-in/);
});

test("what the one who signed out could undo is not offered to the next one", async ({ page }) => {
  await signUp(page, product().url);
  await chatAbout(page, "hello, the tides briefly", "Hello tides briefly");
  const other = await page.context().newPage();
  await other.goto(`${product().url}/chat`);
  await page.bringToFront();
  await choose(page, "Hello tides briefly", "Delete");
  const undo = page.getByRole("button", { name: "Undo" });
  // It stays for as long as the pointer is on it.
  await undo.hover();
  await other.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("textbox", { name: "Password" })).toBeVisible();
  await expect(undo).toBeHidden();
});

test("whoever was signed in before can write before the line stands", async ({ page }) => {
  await signUp(page, product().url);
  let isDown = true;
  await page.routeWebSocket(/\/api\/.*sync/, async (socket) => {
    if (isDown) await socket.close();
    else socket.connectToServer();
  });
  await page.goto(`${product().url}/chat`);
  await ask(page, "hello, before the line");
  await expect(questions(page)).toHaveText("hello, before the line");
  isDown = false;
  await untilAnswered(page);
  await expect(questions(page)).toHaveText("hello, before the line");
});

test("a session that ended meanwhile leads to sign-in, and shows nothing else", async ({
  page,
}) => {
  await signUp(page, product().url);
  const errors = consoleErrors(page);
  await page.addInitScript(() => {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith("__convexAuthRefreshToken")) localStorage.setItem(key, "gone|gone");
      if (!key.startsWith("__convexAuthJWT")) continue;
      // The same claims, which nobody has signed.
      const [head, claims] = (localStorage.getItem(key) ?? "").split(".");
      localStorage.setItem(key, `${head}.${claims}.AAAA`);
    }
  });
  await page.goto(`${product().url}/chat`);
  await expect(page.getByRole("textbox", { name: "Password" })).toBeVisible();
  await expect(page).toHaveURL(/\/sign-in/);
  expect(errors).toEqual([]);
});

test("another person sees nothing of a chat, neither in the list nor by its address", async ({
  page,
  browser,
}) => {
  await signUp(page, product().url);
  await ask(page, "hello, this is secret");
  await expect(page).toHaveURL(/\/chat\/CH-000001$/);

  const stranger = await (await browser.newContext()).newPage();
  await signUp(stranger, product().url);
  await expect(stranger.getByRole("navigation", { name: "Chats" })).toBeVisible();
  await stranger.goto(page.url());
  await expect(stranger.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(stranger.getByRole("article")).toHaveCount(0);
  await expect(stranger.locator("body")).not.toContainText("secret");
  await stranger.context().close();
});
