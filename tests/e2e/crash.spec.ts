import { expect } from "@playwright/test";
import { shownText } from "./answer-text.ts";
import { answers, arrive, ask, questions, stopButton, untilAnswered } from "./person.ts";
import { test, useProduct } from "./use-product.ts";

const product = useProduct();

test("killed while an answer streams, the deployment comes back and the page recovers by itself", async ({
  page,
}) => {
  await arrive(page, product());
  await ask(page, "hello, the first");
  await untilAnswered(page);
  await ask(page, "Crash: answer with 3000 tokens");
  await expect(stopButton(page)).toBeVisible();
  await expect.poll(async () => (await shownText(page)).length).toBeGreaterThan(200);

  const { pid } = product().deployment();
  const seen = await shownText(page);
  process.kill(pid, "SIGKILL");
  await product().waitForLine("deployment ended (SIGKILL); starting it again", 10_000);
  await product().waitForLine("deployment runs again", 20_000);
  expect(product().deployment().pid).not.toBe(pid);

  const retry = page.getByRole("button", { name: "Try again" });
  await expect(retry).toBeVisible({ timeout: 45_000 });
  expect((await shownText(page)).startsWith(seen)).toBe(true);
  await expect(answers(page).last()).toContainText("interrupted");
  await expect(questions(page)).toHaveText(["hello, the first", "Crash: answer with 3000 tokens"]);

  await retry.click();
  await expect(stopButton(page)).toBeVisible();
  await expect.poll(async () => (await shownText(page)).length).toBeGreaterThan(200);
  await stopButton(page).click();
  await untilAnswered(page);
});
