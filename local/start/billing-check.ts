import { join } from "node:path";
import { Autumn } from "autumn-js";
import { type Catalogue, type Plan, readCatalogue } from "../autumn/catalogue.ts";
import { loadEnvFile } from "./env-file.ts";
import { readFlags } from "./flags.ts";

// `npm run billing:check`: whether the plans in the code, in `autumn.config.ts` and, with a key, in
// the live account are the same. Each difference is a line; any of them makes the command fail.

const root = join(import.meta.dirname, "..", "..");
const CREDITS = "credits";

/** What must agree for a plan to be sold and granted rightly. Prices are whole dollars. */
interface Offer {
  readonly price: number;
  readonly interval: string;
  readonly isAddOn: boolean;
  /** `unlimited` for Pro. */
  readonly credits: number | "unlimited";
}

type Offers = ReadonlyMap<string, Offer>;

/** The plan table, as the functions and the page read it. */
interface PlanTable {
  readonly PACKS: Readonly<Record<string, { readonly credits: number; readonly priceUsd: number }>>;
  readonly PRO: { readonly planId: string; readonly priceUsd: number };
}

const flags = readFlagsOrLeave();
const config = flags.config ?? join(root, "autumn.config.ts");
const plans = flags.table ?? join(root, "convex", "billing", "plans.ts");

loadEnvFile(root);
const table = offersOfTable((await import(plans)) as PlanTable);
const differences = differencesOf("autumn.config.ts", offersOf(await readCatalogue(config)));
const account = await readAccount();
if (account) differences.push(...differencesOf("the account", account));
for (const line of differences) console.error(line);
if (differences.length > 0) process.exit(1);
console.log(
  account
    ? `The plan table, autumn.config.ts and the account agree on ${table.size} plans.`
    : `The plan table and autumn.config.ts agree on ${table.size} plans. With AUTUMN_SECRET_KEY set the account is compared too.`,
);

function readFlagsOrLeave() {
  try {
    return readFlags(["config", "table"], process.argv.slice(2));
  } catch (error) {
    console.error((error as Error).message);
    process.exit(1);
  }
}

function offersOfTable({ PACKS, PRO }: PlanTable): Offers {
  const packs = Object.entries(PACKS).map(
    ([id, { credits, priceUsd }]) =>
      [id, { price: priceUsd, interval: "one_off", isAddOn: true, credits }] as const,
  );
  const pro = { price: PRO.priceUsd, interval: "month", isAddOn: false, credits: "unlimited" };
  return new Map<string, Offer>([...packs, [PRO.planId, pro as Offer]]);
}

function offersOf(catalogue: Catalogue): Offers {
  return new Map([...catalogue.values()].map((plan) => [plan.id, offerOf(plan)]));
}

function offerOf({ price, addOn, items }: Pick<Plan, "price" | "addOn" | "items">): Offer {
  const credits = items.find(({ featureId }) => featureId === CREDITS);
  return {
    price: price?.amount ?? 0,
    interval: price?.interval ?? "none",
    isAddOn: addOn,
    credits: credits?.unlimited === true ? "unlimited" : (credits?.included ?? 0),
  };
}

/** The plans of the account that the key names; `null` without a key. */
async function readAccount(): Promise<Offers | null> {
  const secretKey = process.env.AUTUMN_SECRET_KEY;
  if (!secretKey) return null;
  const serverURL = process.env.AUTUMN_API_URL || undefined;
  const autumn = new Autumn({ secretKey, serverURL, failOpen: false, timeoutMs: 15_000 });
  try {
    const { list } = await autumn.plans.list();
    return new Map(
      list
        .filter(({ archived }) => !archived)
        .map(({ id, price, addOn, items }) => [id, offerOf({ price, addOn, items })]),
    );
  } catch (error) {
    console.error(`The account could not be read: ${(error as Error).message}`);
    process.exit(1);
  }
}

/** A line for each plan of the table that is missing there or differs, and how. */
function differencesOf(where: string, there: Offers): string[] {
  return [...table].flatMap(([id, offer]) => {
    const other = there.get(id);
    if (!other) return [`${id} is missing in ${where}.`];
    return (Object.keys(offer) as (keyof Offer)[])
      .filter((key) => offer[key] !== other[key])
      .map((key) => `${id}: ${key} is ${offer[key]} in the code and ${other[key]} in ${where}.`);
  });
}
