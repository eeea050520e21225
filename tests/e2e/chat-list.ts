import { expect, type Locator, type Page } from "@playwright/test";
import { ask, chatId, questions, untilAnswered } from "./person.ts";

/** The list of chats; on a narrow screen its drawer is opened first. */
export async function chatList(page: Page): Promise<Locator> {
  const opener = page.getByRole("button", { name: "Open chats" });
  const list = page.getByRole("navigation", { name: "Chats", exact: true });
  // A page that was just opened may show neither yet.
  await expect(opener.or(list).filter({ visible: true }).first()).toBeVisible();
  if (!(await list.isVisible())) await opener.click();
  await expect(list).toBeVisible();
  return list;
}

/** Opens the menu of a chat and chooses one of its items. */
export async function choose(page: Page, title: string, item: string): Promise<void> {
  const list = await chatList(page);
  await list.getByRole("link", { name: title, exact: true }).hover();
  await list.getByRole("button", { name: `Options for ${title}`, exact: true }).click();
  await page.getByRole("menuitem", { name: item, exact: true }).click();
}

/** Asks in a new chat, and waits for the answer and the title that the model gave it. */
export async function chatAbout(page: Page, question: string, title: string): Promise<string> {
  await page.getByRole("heading").first().waitFor();
  if (!page.url().endsWith("/chat")) await page.keyboard.press("Control+Shift+O");
  await expect(page).toHaveURL(/\/chat$/);
  // The address is there before the page: what is typed until then belongs to the chat before.
  await expect(questions(page)).toHaveCount(0);
  await ask(page, question);
  await untilAnswered(page);
  const id = await chatId(page);
  await expect(page.getByRole("heading", { level: 1, name: title, exact: true })).toBeVisible();
  return id;
}
