import { expect } from "@playwright/test";
import { ConvexHttpClient } from "convex/browser";
import { anyApi } from "convex/server";
import { expectAccessible } from "./accessible.ts";
import { chatAbout, chatList, choose } from "./chat-list.ts";
import { button, credits, newProject, newTask, openProjects, shownTasks } from "./project-pages.ts";
import { arrive, chatId, messageField, questions } from "./person.ts";
import { test, useProduct } from "./use-product.ts";

const product = useProduct();
// A long file: its tests are spread over the workers.
test.describe.configure({ mode: "parallel" });

test("projects and tasks are made, changed, put in order, found, and deleted with undo", async ({
  page,
}) => {
  await openProjects(page, product());
  await expectAccessible(page);
  await newProject(page, "Bakery launch", "Open the corner shop in spring.");
  await expect(page).toHaveURL(/\/projects\/PR-000001$/);
  for (const title of ["Sign the lease", "Order the oven", "Taste-test"])
    await newTask(page, title);

  // By keyboard: the last one to the first place.
  await button(page, "Move Taste-test").focus();
  // What is said to who cannot see it tells when the next key can be pressed.
  const said = page.getByRole("status").filter({ hasText: /lace \d of 3/ });
  await page.keyboard.press("Space");
  await expect(said).toHaveText(/lace 3 of 3/);
  // Until the first place, which it does not leave: a busy page may miss a key.
  await expect(async () => {
    await page.keyboard.press("ArrowUp");
    await expect(said).toHaveText(/Place 1 of 3/, { timeout: 2000 });
  }).toPass();
  await page.keyboard.press("Space");
  await expect(shownTasks(page)).toHaveText([/Taste-test/, /Sign the lease/, /Order the oven/]);
  // By hand: the first one below the second.
  await button(page, "Move Taste-test").hover();
  await page.mouse.down();
  const below = await button(page, "Move Sign the lease").boundingBox();
  await page.mouse.move(below!.x + 4, below!.y + below!.height / 2 + 4, { steps: 8 });
  await page.mouse.up();
  await expect(shownTasks(page)).toHaveText([/Sign the lease/, /Taste-test/, /Order the oven/]);

  // A click within the blink of an eye after a drop belongs to the drop.
  const title = page.getByRole("textbox", { name: "Title", exact: true });
  await expect(async () => {
    await button(page, "Edit Order the oven").click();
    await expect(title).toBeVisible({ timeout: 2000 });
  }).toPass();
  await title.fill("Order the deck oven");
  await page.getByRole("textbox", { name: "Notes" }).fill("two decks");
  await page.getByLabel("Priority").selectOption("High");
  await page.getByLabel("Due").fill("2020-01-31");
  await expect(page.getByRole("listitem").filter({ hasText: "deck oven" })).toContainText(
    "Overdue",
  );
  await expectAccessible(page);
  await page.getByRole("checkbox", { name: "Done: Sign the lease" }).click();
  await expect(page.getByText("1 of 3 tasks done")).toBeVisible();
  await button(page, /^Done ?1$/).click();
  await expect(shownTasks(page)).toHaveText([/Sign the lease/]);
  await button(page, /^All ?3$/).click();

  await page.reload();
  await expect(shownTasks(page)).toHaveText([
    /Sign the lease/,
    /Taste-test/,
    /Order the deck oven/,
  ]);
  await button(page, "Edit Taste-test").click();
  await button(page, "Delete task").click();
  await expect(shownTasks(page)).toHaveCount(2);
  await button(page, "Undo").click();
  await expect(shownTasks(page)).toHaveCount(3);

  await newProject(page, "Newsletter");
  await page.getByRole("link", { name: "Projects", exact: true }).first().click();
  await expect(page.getByRole("link", { name: /Bakery launch/ })).toBeVisible();
  await page.getByRole("searchbox", { name: "Search projects" }).fill("corner");
  await expect(page.getByRole("link", { name: /Newsletter/ })).toHaveCount(0);
  await expectAccessible(page);
  await page.getByRole("link", { name: /Bakery launch/ }).click();
  await button(page, "Options for Bakery launch").click();
  await page.getByRole("menuitem", { name: "Archive" }).click();
  await page.getByRole("link", { name: "Projects", exact: true }).first().click();
  await expect(page.getByRole("link", { name: /Newsletter/ })).toBeVisible();
  await expect(page.getByRole("link", { name: /Bakery launch/ })).toHaveCount(0);
  await page.getByLabel("Show", { exact: true }).selectOption("Archived");
  await page.getByRole("link", { name: /Bakery launch/ }).click();
  await button(page, "Options for Bakery launch").click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await expect(page).toHaveURL(/\/projects$/);
  // Others stand there too, and none moves under the pointer.
  const notice = page.getByRole("listitem").filter({ hasText: "is deleted." });
  await notice.getByRole("button", { name: "Undo" }).click();
  await page.goto(`${product().url}/projects/PR-000001`);
  await expect(shownTasks(page)).toHaveCount(3);

  await page.goto(`${product().url}/projects/PR-999999`);
  await expect(page).toHaveTitle("Nothing here · Parley");
  await page.getByRole("main").getByRole("link", { name: "All projects" }).click();
  await expect(page).toHaveURL(/\/projects$/);
});

test("a draft is streamed, edited and accepted; a bad one is repaired or paid back", async ({
  page,
}) => {
  await openProjects(page, product());
  await expect(credits(page)).toHaveText("100");
  await button(page, "Draft with AI").click();
  await page
    .getByRole("textbox", { name: "Goal" })
    .fill("open a bakery, please answer malformed once");
  await page.reload();
  await expect(page.getByRole("textbox", { name: "Goal" })).toHaveValue(/^open a bakery/);
  await expectAccessible(page);
  await button(page, "Draft with AI").click();
  await expect(page.getByText("The model is writing…")).toBeVisible();
  await expect(credits(page)).toHaveText("85");
  await expect(page.getByText("The model is putting its draft right…")).toBeVisible({
    timeout: 30_000,
  });
  await expect(page.getByRole("listitem").nth(1)).toBeVisible({ timeout: 30_000 });
  await expect(button(page, "Accept draft")).toBeVisible({ timeout: 30_000 });
  const name = page.getByRole("textbox", { name: "Name", exact: true });
  await expect(name).toHaveValue("Open a bakery");
  await name.fill("My bakery");
  await page.getByRole("textbox", { name: "Title of task 1" }).fill("Find a shop");
  await button(page, "Remove task 2").click();
  await expectAccessible(page);
  await page.reload();
  await expect(name).toHaveValue("My bakery");
  await button(page, "Accept draft").click();
  await expect(page.getByRole("heading", { level: 2, name: "My bakery" })).toBeVisible();
  await expect(shownTasks(page)).toHaveCount(5);
  await expect(shownTasks(page).first()).toContainText("Find a shop");

  await page.goto(`${product().url}/projects/draft`);
  await page.getByRole("textbox", { name: "Goal" }).fill("please answer malformed");
  await button(page, "Draft with AI").click();
  await expect(page.getByRole("alert")).toContainText("You were not charged.", { timeout: 30_000 });
  await expect(credits(page)).toHaveText("85");
  await page.getByRole("textbox", { name: "Goal" }).fill("learn to sail");
  await button(page, "Draft with AI").click();
  await button(page, "Discard draft").click();
  await expect(page.getByRole("dialog")).toContainText("The 15 credits that it cost stay spent.");
  await expectAccessible(page);
  await button(page, "Discard").click();
  await expect(page.getByRole("textbox", { name: "Goal" })).toHaveValue("");
  await expect(credits(page)).toHaveText("70");
});

test("a chat is moved into a project by keyboard, takes its context, and is moved out again", async ({
  page,
}) => {
  await openProjects(page, product());
  await newProject(page, "Bakery launch");
  await newTask(page, "Order the oven");
  await page.goto(`${product().url}/chat`);
  await chatAbout(page, "hello, the tides briefly", "Hello tides briefly");
  const context = page.getByRole("switch", { name: "Include my projects and tasks" });
  const project = page.getByRole("link", { name: "In project Bakery launch" });
  await expect(context).toHaveAttribute("aria-checked", "false");

  const list = await chatList(page);
  await list.getByRole("button", { name: "Options for Hello tides briefly" }).focus();
  await page.keyboard.press("ArrowDown");
  await expect(page.getByRole("menuitem", { name: "Rename" })).toBeFocused();
  await page.keyboard.press("m");
  await expect(page.getByRole("menuitem", { name: "Move to project…" })).toBeFocused();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Move to project" });
  await expect(dialog.getByRole("button", { name: "Bakery launch" })).toBeFocused();
  await expect(dialog.getByRole("button", { name: "No project" })).toHaveCount(0);
  await expectAccessible(page);
  await page.keyboard.press("Enter");
  await expect(dialog).toHaveCount(0);
  await expect(project).toBeVisible();
  await expect(context).toHaveAttribute("aria-checked", "true");
  await expect(list.getByRole("button", { name: "Options for Hello tides briefly" })).toBeFocused();

  await choose(page, "Hello tides briefly", "Move to project…");
  await dialog.getByRole("button", { name: "No project" }).click();
  await expect(project).toHaveCount(0);
  await expect(context).toHaveAttribute("aria-checked", "false");
});

test("a project shows its chats, live and a page at a time, and begins one with a draft of its own", async ({
  page,
  context,
}) => {
  const { token } = await arrive(page, product(), "/projects");
  await newProject(page, "Bakery launch");
  const address = page.url();
  const chats = page.getByRole("region", { name: "Chats" });
  await expect(chats).toContainText("Begin one here");
  await page.goto(`${product().url}/chat`);
  await messageField(page).fill("for no project");

  await page.goto(address);
  await chats.getByRole("link", { name: "New chat" }).click();
  await expect(page.getByRole("link", { name: "In project Bakery launch" })).toBeVisible();
  await expect(messageField(page)).toHaveValue("");
  await messageField(page).fill("hello, the oven");
  await page.getByRole("link", { name: "Chat AI" }).click();
  await expect(messageField(page)).toHaveValue("for no project");
  await page.goBack();
  await expect(messageField(page)).toHaveValue("hello, the oven");

  const watcher = await context.newPage();
  await watcher.goto(address);
  await page.getByRole("button", { name: "Send message" }).click();
  const id = await chatId(page);
  const line = watcher.getByRole("list", { name: "Chats" }).getByRole("link");
  await expect(line).toHaveCount(1);
  await expect(line).toHaveAttribute("href", `/chat/${id}`);
  await expectAccessible(watcher);
  await line.click();
  await expect(questions(watcher)).toHaveText("hello, the oven");

  const convex = new ConvexHttpClient(product().convexUrl);
  convex.setAuth(token);
  const { _id: projectId } = (await convex.query(anyApi.projects!.projects!.getProject!, {
    displayId: address.slice(address.lastIndexOf("/") + 1),
  })) as { readonly _id: string };
  for (const content of Array.from({ length: 8 }, (_, at) => `hello ${at}`)) {
    const args = { content, clientKey: content, projectId };
    await convex.mutation(anyApi.chat!.messages!.sendChatMessage!, args);
  }
  await page.goto(address);
  const lines = page.getByRole("list", { name: "Chats" }).getByRole("link");
  await expect(lines).toHaveCount(8);
  await expect(lines.first()).toContainText("7");
  await chats.getByRole("button", { name: "Show more" }).click();
  await expect(lines).toHaveCount(9);
  await expect(chats.getByRole("button", { name: "Show more" })).toHaveCount(0);
});
