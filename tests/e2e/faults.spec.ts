import { expect } from "@playwright/test";
import { answers, arrive, ask, messageField, untilAnswered } from "./person.ts";
import { test, useProduct } from "./use-product.ts";

const product = useProduct();
// A long file: its tests are spread over the workers.
test.describe.configure({ mode: "parallel" });

/** What a question asks to go wrong, what the person reads, and what is left of 100 credits. */
const FAULTS = [
  { question: "please fail with 429", says: /too many requests/, credits: 100 },
  { question: "please fail with 500", says: /could not be reached/, credits: 100 },
  { question: "please fail with 401", says: /No model is set up correctly/, credits: 100 },
  { question: "please fail with a content filter", says: /content filter/, credits: 100 },
  { question: "please filter the answer", says: /content filter/, credits: 97 },
  { question: "please cut the answer", says: /connection to the model was lost/, credits: 97 },
  { question: "please stall", says: /stopped responding/, credits: 97 },
  { question: "please never begin", says: /could not be reached|stopped responding/, credits: 100 },
];

for (const { question, says, credits } of FAULTS) {
  test(`${question}: a sentence says what happened, whether it cost, and what to do`, async ({
    page,
  }) => {
    await arrive(page, product());
    await ask(page, question);
    await untilAnswered(page);
    const answer = answers(page).last();
    await expect(answer).toContainText(says);
    await expect(answer).toContainText(
      credits === 100 ? "You were not charged." : "The 3 credits pay for the part that arrived.",
    );
    await expect(answer).not.toContainText(/Error|undefined|null|\{|\bat \//);
    await expect(page.getByRole("status", { name: "Credits" })).toHaveText(String(credits));

    await ask(page, "hello after all that");
    await untilAnswered(page);
    await expect(answers(page).last()).toContainText("hello after all that");
  });
}

test("a failure that passes is over with Try again, and is paid for once", async ({ page }) => {
  await arrive(page, product());
  // The first call and the one retry that is made before the first word.
  await ask(page, "hello, please fail with 500 twice");
  await untilAnswered(page);
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(answers(page).last()).toContainText("You said: “hello, please fail with 500 twice”");
  await untilAnswered(page);
  await expect(page.getByRole("status", { name: "Credits" })).toHaveText("97");
  await expect(messageField(page)).toHaveValue("");
});
