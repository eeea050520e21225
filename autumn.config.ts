// The plans that Parley sells, for Autumn: `npx atmn push` writes them to the account that the key
// in AUTUMN_SECRET_KEY names. `npm run billing:check` tells when they and the code differ.
import { feature, item, plan } from "atmn";
import { PACKS, type PackId, planName, PRO } from "./convex/billing/plans.ts";

export const credits = feature({
  id: "credits",
  name: "Credits",
  type: "metered",
  consumable: true,
});

// Flat and one-off, one plan a pack: the plan on a paid invoice then tells what was bought. What is
// included is for people to read, and never reset; the balance is kept by Parley.
const pack = (id: PackId) =>
  plan({
    id,
    name: planName(id),
    addOn: true,
    autoEnable: false,
    price: { amount: PACKS[id].priceUsd, interval: "one_off" },
    items: [
      item({
        featureId: credits.id,
        included: PACKS[id].credits,
        reset: { interval: "one_off" },
      }),
    ],
  });

export const topup500 = pack("topup_500");
export const topup1000 = pack("topup_1000");
export const topup5000 = pack("topup_5000");

export const pro = plan({
  id: PRO.planId,
  name: planName(PRO.planId),
  group: "main",
  addOn: false,
  autoEnable: false,
  price: { amount: PRO.priceUsd, interval: "month" },
  items: [item({ featureId: credits.id, unlimited: true })],
});
