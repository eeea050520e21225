import { registerHooks } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

/** A plan as `autumn.config.ts` writes it, with what this sandbox reads of it. */
export interface Plan {
  readonly id: string;
  readonly name: string;
  readonly group: string | null;
  readonly addOn: boolean;
  /** In whole currency units: 5 is $5.00. */
  readonly price: { readonly amount: number; readonly interval: string } | null;
  readonly items: readonly PlanItem[];
}

export interface PlanItem {
  readonly featureId: string;
  readonly included: number;
  readonly unlimited: boolean;
}

export type Catalogue = ReadonlyMap<string, Plan>;

/** Whether the plan is paid once, and not by the month. */
export function isOneOff({ price }: Plan): boolean {
  return price?.interval === "one_off";
}

/**
 * Autumn's own builders of plans hand back what they were given; this is all that a config needs of
 * their package, which is a command-line tool that is not installed here.
 */
const BUILDERS = `data:text/javascript,${encodeURIComponent(
  `export const feature = (it) => ({ builtAs: "feature", ...it });
   export const item = (it) => it;
   export const plan = (it) => ({ builtAs: "plan", ...it });`,
)}`;

/**
 * Reads the plans of an `autumn.config.ts`, the file that `atmn push` sends to the real service.
 * @throws Error when there is no such file, it exports no plan, or `atmn push` would refuse one.
 */
export async function readCatalogue(path: string): Promise<Catalogue> {
  const hooks = registerHooks({
    resolve: (specifier, context, next) =>
      specifier === "atmn" ? { url: BUILDERS, shortCircuit: true } : next(specifier, context),
  });
  try {
    const { href } = pathToFileURL(resolve(path));
    const exported = (await import(href)) as Record<string, unknown>;
    const plans = Object.values(exported).filter(isWrittenPlan).map(planOf);
    if (plans.length === 0) throw new Error(`${path} exports no plan.`);
    return new Map(plans.map((plan) => [plan.id, plan]));
  } finally {
    hooks.deregister();
  }
}

interface WrittenPlan {
  readonly builtAs: "plan";
  readonly id: string;
  readonly name: string;
  readonly group?: string;
  readonly addOn?: boolean;
  readonly price?: { readonly amount: number; readonly interval: string };
  readonly items?: readonly {
    readonly featureId: string;
    readonly included?: number;
    readonly unlimited?: boolean;
    readonly reset?: { readonly interval: string };
  }[];
}

function isWrittenPlan(value: unknown): value is WrittenPlan {
  return (
    typeof value === "object" && value !== null && "builtAs" in value && value.builtAs === "plan"
  );
}

function planOf({ id, name, group, addOn, price, items }: WrittenPlan): Plan {
  return {
    id,
    name,
    group: group ?? null,
    addOn: addOn ?? false,
    price: price ?? null,
    items: (items ?? []).map(({ featureId, included, unlimited, reset }) => {
      if (included !== undefined && unlimited !== true && reset === undefined) {
        throw new Error(`${id}: an item that includes ${featureId} says when they are reset.`);
      }
      return { featureId, included: included ?? 0, unlimited: unlimited ?? false };
    }),
  };
}
