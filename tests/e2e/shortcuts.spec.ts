import { expect, type Page } from "@playwright/test";
import { consoleErrors, expectAccessible } from "./axe.ts";
import { chatAbout } from "./chat-list.ts";
import { arrive, messageField } from "./person.ts";
import { test, useProduct } from "./use-product.ts";

const product = useProduct();
test.describe.configure({ mode: "parallel" });

const TIDES = { question: "hello, the tides briefly", title: "Hello tides briefly" };

/** The dialog `Keyboard shortcuts`, and what it has for one command. */
function shortcuts(page: Page, label: string) {
  const dialog = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  const change = page.getByRole("button", { name: `Change keys for ${label}`, exact: true });
  const line = dialog.locator("dl > div").filter({ has: change });
  return {
    dialog,
    change,
    line,
    keys: line.locator("kbd"),
    prompt: line.getByText("Press the new"),
  };
}

/** What screen readers are told. The browser must not hide it from them behind the dialog. */
const spoken = (page: Page) => page.getByRole("status").filter({ hasText: /./ }).last();

test("a shortcut gets other keys, which last until all are reset", async ({ page }) => {
  const errors = consoleErrors(page);
  await arrive(page, product());
  const id = await chatAbout(page, TIDES.question, TIDES.title);
  const inChat = new RegExp(`/chat/${id}$`);
  const { dialog, change, keys, line, prompt } = shortcuts(page, "New chat");
  const reset = dialog.getByRole("button", { name: "Reset to the usual keys" });
  const openDialog = async () => {
    await page.keyboard.press("Control+/");
    await expect(dialog).toBeVisible();
  };
  const closeDialog = async () => {
    await page.keyboard.press("Escape");
    await expect(dialog).toBeHidden();
  };

  await openDialog();
  await expect(keys).toHaveText(["n", "Ctrl", "Shift", "O"]);
  await expect(reset).toBeHidden();
  await change.focus();
  await page.keyboard.press("Enter");
  await expect(prompt).toBeVisible();
  await expect(spoken(page)).toHaveText("Press the new keys for “New chat”. Esc cancels.");
  await page.keyboard.press("Control+k");
  await expect(line).toContainText("Ctrl K belongs to “Search and commands”.");
  await expect(spoken(page)).toHaveText("Ctrl K belongs to “Search and commands”.");
  await expectAccessible(page);
  await page.keyboard.press("Control+r");
  await expect(line).toContainText("Ctrl R is needed by the browser or for editing text.");
  await page.keyboard.press("Enter");
  await expect(line).toContainText("A key alone is needed for writing.");
  await expect(prompt).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(keys).toHaveText(["n", "Ctrl", "Shift", "O"]);
  await expect(line).not.toContainText("A key alone");
  await expect(change).toBeFocused();

  // Whoever leaves the line cancels.
  await page.keyboard.press("Space");
  await expect(prompt).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(prompt).toBeHidden();
  await page.keyboard.press("Shift+Tab");
  await expect(change).toBeFocused();

  await change.click();
  await page.keyboard.press("Alt+Shift+y");
  await expect(keys).toHaveText(["n", "Alt", "Shift", "Y"]);
  await expect(change).toBeFocused();
  await expect(spoken(page)).toHaveText("The keys for “New chat” are now Alt Shift Y.");
  await closeDialog();

  await page.keyboard.press("Control+Shift+O");
  await page.keyboard.press("Control+k");
  const palette = page.getByRole("dialog", { name: "Search and commands" });
  const deed = palette.getByRole("option", { name: /^New chat/ });
  await expect(deed.locator("kbd")).toHaveText(["Alt", "Shift", "Y"]);
  await expect(page).toHaveURL(inChat);
  await page.keyboard.press("Escape");
  await page.keyboard.press("Alt+Shift+y");
  await expect(page).toHaveURL(/\/chat$/);

  await page.goto(`${product().url}/chat/${id}`);
  await expect(messageField(page)).toBeVisible();
  await page.keyboard.press("Alt+Shift+y");
  await expect(page).toHaveURL(/\/chat$/);

  await openDialog();
  await reset.click();
  await expect(keys).toHaveText(["n", "Ctrl", "Shift", "O"]);
  await expect(reset).toBeHidden();
  await expect(dialog.locator("dl button").first()).toBeFocused();
  await closeDialog();
  await page.goto(`${product().url}/chat/${id}`);
  await expect(messageField(page)).toBeVisible();
  await page.keyboard.press("Alt+Shift+y");
  await openDialog();
  await closeDialog();
  await expect(page).toHaveURL(inChat);
  await page.keyboard.press("Control+Shift+O");
  await expect(page).toHaveURL(/\/chat$/);
  expect(errors).toEqual([]);
});

test("the keyboard gets past the sidebar and the bar at once", async ({ page }) => {
  await arrive(page, product(), "/projects");
  await expect(page.getByRole("heading", { level: 1, name: "Projects" })).toBeVisible();
  const skip = page.getByRole("link", { name: "Skip to content" });
  await page.keyboard.press("Tab");
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport({ ratio: 1 });
  await expectAccessible(page);
  await skip.press("Enter");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("main").locator(":focus")).toHaveCount(1);
  await expect(page).toHaveURL(/\/projects$/);

  // Also where nobody is signed in.
  await page.context().clearCookies();
  await page.evaluate(() => localStorage.clear());
  await page.goto(`${product().url}/pricing`);
  await expect(page.getByRole("link", { name: "Sign in" })).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(skip).toBeFocused();
});

test("the open chat is renamed, archived, taken out and deleted from the palette", async ({
  page,
}) => {
  await arrive(page, product());
  await chatAbout(page, TIDES.question, TIDES.title);
  const title = (name: string) => page.getByRole("heading", { level: 1, name, exact: true });
  const run = async (query: string, name: string) => {
    await page.keyboard.press("Control+k");
    const palette = page.getByRole("dialog", { name: "Search and commands" });
    await palette.getByRole("combobox").fill(query);
    const option = palette.getByRole("option", { name, exact: true });
    await expect(option).toHaveAttribute("aria-selected", "true");
    await page.keyboard.press("Enter");
  };
  await messageField(page).focus();
  await run("rename", "Rename this chat");
  const field = page.getByRole("textbox", { name: "Name of the chat" });
  await expect(field).toBeFocused();
  await field.fill("Tides");
  await page.keyboard.press("Enter");
  await expect(title("Tides")).toBeVisible();
  await expect(messageField(page)).toBeFocused();

  await run("archive", "Archive this chat");
  await expect(page.getByText("Chat archived")).toBeVisible();
  await run("archive", "Take this chat out of the archive");
  await expect(page.getByText("Chat moved out of the archive")).toBeVisible();
  await run("delete", "Delete this chat");
  await expect(page).toHaveURL(/\/chat$/);
  const told = page.getByRole("listitem").filter({ hasText: "Chat deleted" });
  await told.getByRole("button", { name: "Undo" }).click();
  await expect(title("Tides")).toBeVisible();
});

test("keys chosen in one tab count in the other at once", async ({ page, context }) => {
  await arrive(page, product());
  const other = await context.newPage();
  await other.goto(`${product().url}/chat`);
  await expect(messageField(other)).toBeVisible();
  await page.keyboard.press("Control+/");
  const { change, keys } = shortcuts(page, "Search and commands");
  await change.click();
  await page.keyboard.press("F2");
  await expect(keys).toHaveText(["F2"]);
  await expect(async () => {
    await other.keyboard.press("F2");
    await expect(other.getByRole("dialog", { name: "Search and commands" })).toBeVisible({
      timeout: 1000,
    });
  }).toPass();
});

test.describe("on a phone", () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test("the buttons can be hit, and the lines fit while one of them waits", async ({ page }) => {
    await arrive(page, product());
    await page.keyboard.press("Control+/");
    const { change, prompt } = shortcuts(page, "Search and commands");
    await change.tap();
    await expect(prompt).toBeVisible();
    const target = await change.evaluate((button) => {
      const { width, height } = getComputedStyle(button, "::after");
      return { width, height, line: button.closest("div")?.getBoundingClientRect().height };
    });
    expect(target).toMatchObject({ width: "44px", height: "44px" });
    expect(target.line).toBeGreaterThanOrEqual(44);
    expect(target.line).toBeLessThan(50);
    await expectAccessible(page);
    await change.tap();
    await expect(prompt).toBeHidden();
  });
});
