import type { Catalogue } from "./catalogue.ts";

// What the sandbox sells in its tests, and by which keys.

export const KEY = "am_sk_test_unit";
export const SECRET = `whsec_${Buffer.from("a secret of the tests").toString("base64")}`;

const item = (included: number, unlimited = false) => ({
  featureId: "credits",
  included,
  unlimited,
});
/** Two packs, one of them with a name that has to be escaped, and a plan that is renewed. */
export const CATALOGUE: Catalogue = new Map(
  [
    {
      id: "pack",
      name: "500 <b>credits</b>",
      price: { amount: 5, interval: "one_off" },
      addOn: true,
    },
    { id: "large", name: "Large", price: { amount: 9, interval: "one_off" }, addOn: true },
    { id: "pro", name: "Pro", price: { amount: 20, interval: "month" }, addOn: false },
  ].map((plan) => [
    plan.id,
    { ...plan, group: null, items: [plan.id === "pro" ? item(0, true) : item(500)] },
  ]),
);
