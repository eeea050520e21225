import { expect } from "vitest";
import type { Books, StoredMessage } from "./owner.ts";

/** The balance is the ledger's sum, never negative, and no key was used twice. */
export function expectBooksToBalance({ held, rows }: Books): void {
  const sum = (of: "amount" | "monthly" | "purchased") =>
    rows.reduce((total, row) => total + row[of], 0);
  expect(held?.creditsRemaining ?? 0).toBe(sum("amount"));
  expect(held?.monthlyRemaining ?? 0).toBe(sum("monthly"));
  expect(held?.purchasedRemaining ?? 0).toBe(sum("purchased"));
  for (const { balanceAfter } of rows) expect(balanceAfter).toBeGreaterThanOrEqual(0);
  expect(new Set(rows.map(({ key }) => key)).size).toBe(rows.length);
}

const ANSWER_CREDITS = 3;

/**
 * Every answer that has ended paid for its text, and for nothing else; on Pro, nothing. What a
 * charge took that no answer stands for would be found here too.
 */
export function expectAnswersToCostWhatTheyDeserve({ rows, messages }: Books): void {
  const answers = messages.filter(({ role }) => role === "assistant");
  const charges = rows.filter(({ kind }) => kind === "charge");
  expect(charges.map(({ key }) => key).toSorted()).toEqual(
    answers.map(({ _id }) => `charge:message:${_id}`).toSorted(),
  );
  for (const answer of answers) {
    const due = deserved(answer, rows);
    expect(netOf(answer, rows)).toBe(due);
    expect(answer.creditsUsed).toBe(due);
  }
}

function netOf({ _id }: StoredMessage, rows: Books["rows"]): number {
  return rows
    .filter(({ key }) => key === `charge:message:${_id}` || key === `refund:message:${_id}`)
    .reduce((sum, { amount }) => sum - amount, 0);
}

function deserved({ _id, status, content }: StoredMessage, rows: Books["rows"]): number {
  expect(["complete", "stopped", "failed"]).toContain(status);
  const taken = rows.find(({ key }) => key === `charge:message:${_id}`)?.amount ?? NaN;
  expect([0, -ANSWER_CREDITS]).toContain(taken);
  return content === "" ? 0 : 0 - taken;
}
