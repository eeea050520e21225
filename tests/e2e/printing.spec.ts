import { expect, type Page } from "@playwright/test";
import { answers, arrive, ask, messageField, questions, untilAnswered } from "./person.ts";
import { test, useProduct } from "./use-product.ts";

const product = useProduct();

test.use({ viewport: { width: 1440, height: 900 }, colorScheme: "dark" });

test("a chat is printed whole, one message below the other, and nothing of the page around it", async ({
  page,
}) => {
  await arrive(page, product());
  for (let turn = 1; turn <= 6; turn += 1) {
    await ask(page, `question ${turn}: answer with 300 tokens at 5000 tokens a second`);
    await untilAnswered(page);
  }
  await page.reload();
  await expect(answers(page).last()).toBeVisible();
  expect(await questions(page).count()).toBeLessThan(6);
  expect(await sheets(page)).toBeGreaterThan(2);

  // What `pdf` does, to look at.
  await page.emulateMedia({ media: "print" });
  await page.evaluate(() => window.dispatchEvent(new Event("beforeprint")));
  await expect(questions(page)).toHaveCount(6);
  await expect(answers(page)).toHaveCount(6);
  for (const hidden of [messageField(page), page.getByRole("link", { name: "Dashboard" })]) {
    await expect(hidden).toBeHidden();
  }
  const boxes = await page.getByRole("article").evaluateAll((articles) =>
    articles.map((article) => {
      const { top, bottom } = article.getBoundingClientRect();
      return { top, bottom };
    }),
  );
  for (const [index, { top }] of boxes.entries()) {
    expect(top).toBeGreaterThan(boxes[index - 1]?.bottom ?? -1);
  }
  expect(await lightnessOfText(page)).toBeLessThan(0.5);

  await page.emulateMedia({ media: "screen" });
  await page.evaluate(() => window.dispatchEvent(new Event("afterprint")));
  await expect(questions(page)).not.toHaveCount(6);
  await expect(messageField(page)).toBeInViewport();
});

/** How many pages of paper the browser fills. */
async function sheets(page: Page): Promise<number> {
  const pdf = (await page.pdf({ format: "A4" })).toString("latin1");
  return pdf.match(/\/Type\s*\/Page\b(?!s)/g)?.length ?? 0;
}

/** 0 is black. */
async function lightnessOfText(page: Page): Promise<number> {
  const colour = await questions(page)
    .first()
    .evaluate((question) => getComputedStyle(question).color);
  return Number(/oklch\(([\d.]+)/.exec(colour)?.[1]);
}
