import { expect, test } from "vitest";
import { ledgerCsv } from "./csv";
import type { LedgerRow } from "./ledger-row";

const ROW = { _id: "1", at: Date.parse("2026-11-21T09:30:00Z"), balanceAfter: 97 };
const charge = (title: string) =>
  ({
    ...ROW,
    kind: "charge",
    amount: -3,
    subject: { what: "message", chat: { displayId: "CH-000001", title } },
  }) as unknown as LedgerRow;

const line = (row: LedgerRow) => ledgerCsv([row]).split("\r\n")[1];

test("a line says when, what, how much and what was left", () => {
  expect(ledgerCsv([charge("Tides")])).toBe(
    "Time (UTC),Kind,For,Chat,Credits,Balance after\r\n" +
      "2026-11-21T09:30:00.000Z,charge,Chat message,Tides,-3,97\r\n",
  );
});

test("commas, quotes and line breaks stay inside their cell", () => {
  expect(ledgerCsv([charge('Tides, "spring"\nand neap')])).toContain(
    ',"Tides, ""spring""\nand neap",-3,97\r\n',
  );
});

test.each(["=1+1", "+1", "-1", "@SUM(A1)", "\tx"])("%j is text, not a formula", (title) => {
  expect(line(charge(title))).toContain(`,'${title},`);
});
