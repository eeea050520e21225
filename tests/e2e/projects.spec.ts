import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { freePorts } from "../product/ports.ts";
import { expect, type Page } from "@playwright/test";
import { expectAccessible } from "./accessible.ts";
import { chatAbout, chatList, choose } from "./chat-list.ts";
import { enter, newPerson } from "./person.ts";
import { test, useProduct } from "./use-product.ts";

const [wikiPort = 0] = await freePorts(1);
const product = useProduct({ env: { PAGE_READER_TRUSTED_HOSTS: `127.0.0.1:${wikiPort}` } });

const ARTICLE = `<html><head><title>How leases work</title></head><body><nav>Home</nav><article>
  <h1>How leases work</h1>${"<p>A lease lets one party use what belongs to another, for a time and against rent.</p>".repeat(9)}
  </article></body></html>`;

let wiki: Server;
test.beforeAll(async () => {
  wiki = createServer(({ url }, response) => {
    if (url !== "/leases") return void response.writeHead(404).end();
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(ARTICLE);
  }).listen(wikiPort, "127.0.0.1");
  await once(wiki, "listening");
});
test.afterAll(() => {
  wiki.closeAllConnections();
  wiki.close();
});

const button = (page: Page, name: string | RegExp) =>
  page.getByRole("button", { name, exact: true });
const credits = (page: Page) => page.getByRole("status", { name: "Credits" });

async function openProjects(page: Page) {
  await page.goto(`${product().url}/projects`);
  await enter(page, newPerson(), "Sign up");
  await expect(button(page, "New project")).toBeVisible();
}

async function newProject(page: Page, name: string, description = "") {
  await page.getByRole("link", { name: "Projects", exact: true }).first().click();
  await button(page, "New project").click();
  await page.getByRole("textbox", { name: "Name", exact: true }).fill(name);
  await page.getByRole("textbox", { name: "Description" }).fill(description);
  await button(page, "Create project").click();
  await expect(page.getByRole("heading", { level: 2, name })).toBeVisible();
}

async function newTask(page: Page, title: string) {
  await page.getByRole("textbox", { name: "Task title" }).fill(title);
  await button(page, "New task").click();
  await expect(button(page, `Edit ${title}`)).toBeVisible();
}

const shownTasks = (page: Page) =>
  page.getByRole("list", { name: "Tasks" }).getByRole("button", { name: /^Edit / });

test("projects and tasks are made, changed, put in order, found, and deleted with undo", async ({
  page,
}) => {
  await openProjects(page);
  await expectAccessible(page);
  await newProject(page, "Bakery launch", "Open the corner shop in spring.");
  await expect(page).toHaveURL(/\/projects\/PR-000001$/);
  for (const title of ["Sign the lease", "Order the oven", "Taste-test"])
    await newTask(page, title);

  // By keyboard: the last one to the first place.
  await button(page, "Move Taste-test").focus();
  // What is said to who cannot see it tells when the next key can be pressed.
  const said = page.getByRole("status").filter({ hasText: /lace \d of 3/ });
  for (const [key, words] of [
    ["Space", /lace 3 of 3/],
    ["ArrowUp", /Place 2 of 3/],
    ["ArrowUp", /Place 1 of 3/],
  ] as const) {
    await page.keyboard.press(key);
    await expect(said).toHaveText(words);
  }
  await page.keyboard.press("Space");
  await expect(shownTasks(page)).toHaveText([/Taste-test/, /Sign the lease/, /Order the oven/]);
  // By hand: the first one below the second.
  await button(page, "Move Taste-test").hover();
  await page.mouse.down();
  const below = await button(page, "Move Sign the lease").boundingBox();
  await page.mouse.move(below!.x + 4, below!.y + below!.height / 2 + 4, { steps: 8 });
  await page.mouse.up();
  await expect(shownTasks(page)).toHaveText([/Sign the lease/, /Taste-test/, /Order the oven/]);

  await button(page, "Edit Order the oven").click();
  await page.getByRole("textbox", { name: "Title", exact: true }).fill("Order the deck oven");
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
});

test("a draft is streamed, edited and accepted; a bad one is repaired or paid back", async ({
  page,
}) => {
  await openProjects(page);
  await expect(credits(page)).toHaveText("100");
  await button(page, "Draft with AI").click();
  await page
    .getByRole("textbox", { name: "Goal" })
    .fill("open a bakery, please answer malformed once");
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
  await expect(page.getByRole("textbox", { name: "Goal" })).toHaveValue("");
  await expect(credits(page)).toHaveText("70");
});

test("a page is read for a project and drafted from; what must not be read is paid back", async ({
  page,
  browser,
}) => {
  await openProjects(page);
  await newProject(page, "Bakery launch");
  const address = page.getByRole("textbox", { name: "Page address" });
  await address.fill(`http://127.0.0.1:${wikiPort}/leases`);
  await button(page, "Add page").click();
  await button(page, "How leases work").click();
  await expect(page.getByRole("dialog")).toContainText("A lease lets one party use");
  await expect(page.getByRole("dialog")).not.toContainText("Home");
  await page.keyboard.press("Escape");
  await expect(credits(page)).toHaveText("95");

  await address.fill(product().convexUrl);
  await button(page, "Add page").click();
  await expect(page.getByText(/The reader|Pages are only read|private network/)).toContainText(
    "You were not charged.",
  );
  await address.fill("http://169.254.169.254/latest/meta-data/");
  await button(page, "Add page").click();
  await expect(page.getByText(/private network.*You were not charged/)).toBeVisible();
  await expect(credits(page)).toHaveText("95");
  await address.fill("file:///etc/passwd");
  await button(page, "Add page").click();
  await expect(page.getByRole("alert")).toContainText("not a web address");
  await expectAccessible(page);

  await button(page, "Draft with AI from How leases work").click();
  await button(page, "Draft with AI").click();
  await expect(button(page, "Accept draft")).toBeVisible({ timeout: 30_000 });
  await expect(credits(page)).toHaveText("80");

  const stranger = await (await browser.newContext()).newPage();
  await stranger.goto(`${product().url}/projects/PR-000001`);
  await enter(stranger, newPerson(), "Sign up");
  await expect(stranger.getByRole("heading", { name: "Nothing here." })).toBeVisible();
  await stranger.context().close();
});

test("a chat is moved into a project by keyboard, takes its context, and is moved out again", async ({
  page,
}) => {
  await openProjects(page);
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
  await expect(dialog.getByRole("button", { name: "Bakery launch" })).toBeVisible();
  await expect(dialog.getByRole("button", { name: "No project" })).toHaveCount(0);
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Bakery launch" }).press("Enter");
  await expect(dialog).toHaveCount(0);
  await expect(project).toBeVisible();
  await expect(context).toHaveAttribute("aria-checked", "true");
  await expect(list.getByRole("button", { name: "Options for Hello tides briefly" })).toBeFocused();

  await choose(page, "Hello tides briefly", "Move to project…");
  await dialog.getByRole("button", { name: "No project" }).click();
  await expect(project).toHaveCount(0);
  await expect(context).toHaveAttribute("aria-checked", "false");
});
