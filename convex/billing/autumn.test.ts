import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { readInvoices } from "./autumn";

const list = vi.fn();

vi.mock("autumn-js", () => ({
  Autumn: class {
    readonly invoices = { list };
  },
  AutumnError: class extends Error {},
}));

beforeEach(() => {
  vi.stubEnv("AUTUMN_SECRET_KEY", "am_sk_test");
});
afterEach(() => {
  vi.unstubAllEnvs();
});

const invoice = (stripeId: string, customerId: string, more: object = {}) => ({
  stripeId,
  customerId,
  planIds: ["topup_500"],
  status: "paid",
  total: 5,
  amountPaid: 5,
  refundedAmount: 0,
  currency: "usd",
  createdAt: 1,
  ...more,
});

test("a person's invoices are those that name the person, on every page", async () => {
  list.mockResolvedValueOnce({
    list: [invoice("in_1", "ada"), invoice("in_2", "bob")],
    nextCursor: "2",
  });
  list.mockResolvedValueOnce({ list: [invoice("in_3", "ada")], nextCursor: "" });
  const found = await readInvoices("ada");
  expect(found.map(({ stripeId }) => stripeId)).toEqual(["in_1", "in_3"]);
});

test("what was paid is the total where the answer does not say", async () => {
  list.mockResolvedValueOnce({ list: [invoice("in_1", "ada", { amountPaid: 0 })], nextCursor: "" });
  expect(await readInvoices("ada")).toMatchObject([{ paid: 5 }]);
});
