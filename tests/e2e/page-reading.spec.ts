import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { expect } from "@playwright/test";
import { expectAccessible } from "./accessible.ts";
import { arrive } from "./person.ts";
import { button, credits, newProject, openProjects } from "./project-pages.ts";
import { test, trustedPort, useProduct } from "./use-product.ts";

const product = useProduct();

const ARTICLE = `<html><head><title>How leases work</title></head><body><nav>Home</nav><article>
  <h1>How leases work</h1>${"<p>A lease lets one party use what belongs to another, for a time and against rent.</p>".repeat(9)}
  </article></body></html>`;

let wiki: Server;
test.beforeAll(async () => {
  wiki = createServer(({ url }, response) => {
    if (url === "/silent") return;
    if (url !== "/leases") return void response.writeHead(404).end();
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(ARTICLE);
  }).listen(trustedPort, "127.0.0.1");
  await once(wiki, "listening");
});
test.afterAll(() => {
  wiki.closeAllConnections();
  wiki.close();
});

test("a page is read for a project and drafted from; what must not be read is paid back", async ({
  page,
  browser,
}) => {
  await openProjects(page, product());
  await newProject(page, "Bakery launch");
  const address = page.getByRole("textbox", { name: "Page address" });
  for (const width of [390, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    await expect(page.getByText("5 credits", { exact: true })).toBeVisible();
  }
  await address.fill(`http://127.0.0.1:${trustedPort}/leases`);
  await button(page, "Add page").click();
  await button(page, "How leases work").click();
  await expect(page.getByRole("dialog")).toContainText("A lease lets one party use");
  await expect(page.getByRole("dialog")).not.toContainText("Home");
  await page.keyboard.press("Escape");
  await expect(credits(page)).toHaveText("95");

  await address.fill(`http://127.0.0.1:${trustedPort}/silent`);
  await button(page, "Add page").click();
  await expect(page.getByText("Reading… Deleted now, it costs nothing.")).toBeVisible();
  await expect(credits(page)).toHaveText("90");
  await button(page, `Delete page 127.0.0.1:${trustedPort}`).click();
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
  await arrive(stranger, product(), "/projects/PR-000001");
  await expect(stranger.getByRole("heading", { name: "Nothing here." })).toBeVisible();
  await stranger.context().close();
});
