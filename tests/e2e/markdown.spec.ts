import { expect } from "@playwright/test";
import { consoleErrors, expectAccessible } from "./axe.ts";
import { answers, arrive, ask, messageField, untilAnswered } from "./person.ts";
import { test, useProduct } from "./use-product.ts";

const product = useProduct();

test("code has its colours, its language and a way to copy it; what it needs is loaded only then", async ({
  page,
}) => {
  const loaded: string[] = [];
  page.on("request", (request) => loaded.push(request.url()));
  const of = (name: string) => loaded.some((url) => url.includes(name));
  await arrive(page, product());
  await ask(page, "hello, without any of it");
  await untilAnswered(page);
  expect([of("katex"), of("mermaid"), of("highlight")]).toEqual([false, false, false]);

  await ask(page, "Show me some code");
  await untilAnswered(page);
  const code = answers(page).last().locator("pre").first();
  await expect(code.locator("span[style*='--code-token-keyword']").first()).toBeVisible();
  await expect(code.locator("span[style*='--code-token-function']").first()).toHaveText(
    "countWords",
  );
  expect([of("katex"), of("mermaid"), of("highlight")]).toEqual([false, false, true]);
  // Nobody has allowed this page the clipboard.
  await page.getByRole("button", { name: "Copy code" }).first().click();
  await expect(page.getByRole("button", { name: "Copied" })).toBeVisible();
  await messageField(page).focus();
  await page.keyboard.press("Control+V");
  await expect(messageField(page)).toHaveValue(await code.innerText());
});

test("formulas and diagrams are drawn, and what they need is loaded only then", async ({
  page,
}) => {
  const errors = consoleErrors(page);
  const loaded: string[] = [];
  page.on("request", (request) => loaded.push(request.url()));
  const of = (name: string) => loaded.some((url) => url.includes(name));
  await arrive(page, product());
  await ask(page, "Show me formulas");
  await untilAnswered(page);
  const formulas = answers(page).last();
  await expect(formulas.locator(".katex")).toHaveCount(2);
  await expect(formulas.locator(".katex-display math")).toHaveCount(1);
  await expect(formulas).not.toContainText("$$");
  await expect(formulas.locator(".katex-error")).toHaveCount(0);
  expect([of("katex"), of("mermaid")]).toEqual([true, false]);

  await ask(page, "Draw a diagram");
  await untilAnswered(page);
  const diagram = answers(page).last().getByRole("group", { name: "Diagram" }).getByRole("img");
  await expect(diagram).toHaveAttribute("alt", /^Diagram: flowchart LR/);
  await expect
    .poll(() => diagram.evaluate((img: HTMLImageElement) => img.naturalWidth))
    .toBeGreaterThan(100);
  const isCut = () =>
    diagram.evaluate(({ parentElement: box }) => box!.scrollWidth > box!.clientWidth);
  expect(await isCut()).toBe(false);
  // Where it would have to be tiny to fit, it is scrolled.
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await isCut()).toBe(true);
  await page.getByRole("button", { name: "Show source" }).click();
  await expect(answers(page).last().locator("pre")).toContainText("Question --> Deployment");
  await page.getByRole("button", { name: "Show diagram" }).click();
  await expect(diagram).toBeVisible();
  await expectAccessible(page);
  expect(errors).toEqual([]);
});

test("what a question and an answer repeat of a hostile text does nothing", async ({ page }) => {
  const wrong: string[] = [];
  page.on("request", (request) => {
    if (request.url().includes("elsewhere.invalid")) wrong.push(request.url());
  });
  page.on("dialog", (dialog) => void dialog.dismiss().then(() => wrong.push(dialog.message())));
  page.on("pageerror", (error) => wrong.push(String(error)));
  await arrive(page, product());
  await ask(
    page,
    'hello <img src="https://elsewhere.invalid/x.png" onerror="alert(1)"> ' +
      "![x](https://elsewhere.invalid/y.png) [press](javascript:alert(1)) <script>alert(1)</script>",
  );
  await untilAnswered(page);
  const answer = answers(page).last();
  await expect(answer.getByRole("button", { name: /^Load picture from elsewhere/ })).toBeVisible();
  await expect(answer.locator("img, script, a")).toHaveCount(0);
  expect(wrong).toEqual([]);
});
