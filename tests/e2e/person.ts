import { expect, type Locator, type Page } from "@playwright/test";
import type { Product } from "../product/product.ts";
import { newSession } from "../product/session.ts";

/** Who signs in. */
export interface Person {
  readonly email: string;
  readonly password: string;
}

let people = 0;

/** Somebody who has no account yet. */
export function newPerson(): Person {
  people += 1;
  return { email: `person-${process.pid}-${people}@example.com`, password: "correct horse 7" };
}

/** Fills in the form that is on the page and presses its button. */
export async function enter(
  page: Page,
  { email, password }: Person,
  button: "Sign in" | "Sign up",
): Promise<void> {
  await page.getByRole("textbox", { name: "Email" }).fill(email);
  await page.getByRole("textbox", { name: "Password" }).fill(password);
  await page.getByRole("button", { name: button }).click();
}

/** Signs up as a new person by the form, and opens a chat. For tests of that, or of the password. */
export async function signUp(page: Page, productUrl: string): Promise<Person> {
  const person = newPerson();
  await page.goto(`${productUrl}/chat`);
  await page.getByRole("button", { name: "Sign up" }).click();
  await enter(page, person, "Sign up");
  await expect(messageField(page)).toBeVisible({ timeout: 20_000 });
  return person;
}

/** Opens `path` as a new person who is signed in already. */
export async function arrive(
  page: Page,
  product: Product,
  path = "/chat",
): Promise<{ readonly email: string; readonly token: string }> {
  const { email } = newPerson();
  const tokens = await newSession(product, email);
  // A small file of the product's, since what a browser keeps belongs to an origin.
  await page.goto(`${product.url}/theme.js`);
  await page.evaluate(
    ({ place, token, refreshToken }) => {
      localStorage.setItem(`__convexAuthJWT_${place}`, token);
      localStorage.setItem(`__convexAuthRefreshToken_${place}`, refreshToken);
    },
    { ...tokens, place: product.convexUrl.replaceAll(/[^a-zA-Z0-9]/g, "") },
  );
  await page.goto(product.url + path);
  if (path === "/chat") await expect(messageField(page)).toBeVisible({ timeout: 20_000 });
  return { email, token: tokens.token };
}

/** Opens `address` as somebody who has an account. */
export async function signIn(page: Page, address: string, person: Person): Promise<void> {
  await page.goto(address);
  await enter(page, person, "Sign in");
  await expect(page.getByRole("button", { name: "Sign out" })).toBeVisible();
}

export async function ask(page: Page, question: string): Promise<void> {
  await messageField(page).fill(question);
  await page.getByRole("button", { name: "Send message" }).click();
  await expect(questions(page).last()).toHaveText(question);
}

/** Waits until nothing is generated, and the newest answer has text or says why not. */
export async function untilAnswered(page: Page, timeout = 30_000): Promise<void> {
  await expect(answers(page).last()).toHaveAttribute("aria-busy", "false", { timeout });
  await expect(page.getByRole("button", { name: "Send message" })).toBeVisible();
}

export function messageField(page: Page): Locator {
  return page.getByRole("textbox", { name: "Message" });
}

export function questions(page: Page): Locator {
  return page.getByRole("article", { name: "Your message" });
}

export function answers(page: Page): Locator {
  return page.getByRole("article", { name: "Assistant message" });
}

export function stopButton(page: Page): Locator {
  return page.getByRole("button", { name: "Stop generating" });
}

/** The display id in the page's address; waits until a new chat has one. */
export async function chatId(page: Page): Promise<string> {
  await expect(page).toHaveURL(/\/chat\/CH-\d{6}$/);
  return page.url().slice(page.url().lastIndexOf("/") + 1);
}
