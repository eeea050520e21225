import { expect, test } from "@playwright/test";
import { Product } from "../product/product.ts";
import { answers, ask, questions, signUp, untilAnswered } from "./person.ts";

/** The browser is told that it leads here. It trusts it no more than any name that speaks plain HTTP. */
const HOST = "parley.test";

let product: Product;

test.beforeAll(async () => {
  test.setTimeout(300_000);
  product = await Product.start({ publicHost: HOST, env: { MODELS_FIRST_TOKEN_MS: "50" } });
});

test.afterAll(() => product.stop());

test("one port serves all of it at an address of another machine, over plain HTTP", async ({
  page,
}) => {
  const address = product.url.replace("127.0.0.1", HOST);
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  page.on("websocket", (socket) => asked.push(socket.url().replace(/^ws/, "http")));
  await signUp(page, address);
  expect(await page.evaluate(() => isSecureContext)).toBe(false);

  await ask(page, "Lighthouses, short");
  await untilAnswered(page);
  await page.getByRole("button", { name: "Regenerate" }).click();
  await expect(page.getByRole("status", { name: "Version 2 of 2" })).toBeVisible();
  await untilAnswered(page);
  await page.reload();
  await expect(questions(page)).toHaveText("Lighthouses, short");
  await expect(answers(page)).not.toHaveText("");

  await page.getByRole("button", { name: "Copy message" }).last().click();
  await expect(page.getByRole("button", { name: "Copied" })).toBeVisible();
  await page.getByRole("button", { name: "Share chat" }).click();
  await page.getByRole("button", { name: "Create link" }).click();
  const link = page.getByRole("link", { name: "Open link" });
  await expect(link).toHaveAttribute("href", new RegExp(`^${address}/share/`));
  expect(asked.filter((url) => url.startsWith("http") && !url.startsWith(address))).toEqual([]);
});
