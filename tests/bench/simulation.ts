import { simulate } from "../../local/deployment/simulation/simulation.ts";
import { countsOf, type Figure } from "./report.ts";

const SEEDS = 1_000;

/** Seeded histories of clients, network and process; each failing seed is printed. */
export async function simulation(): Promise<Figure[]> {
  const sum = { acknowledged: 0, viewsChecked: 0, drops: 0, kills: 0 };
  let failed = 0;
  for (let at = 1; at <= SEEDS; at++) {
    try {
      const report = await simulate(`bench ${at}`);
      for (const key of Object.keys(sum) as (keyof typeof sum)[]) sum[key] += report[key];
    } catch (error) {
      failed += 1;
      console.error(String(error));
    }
  }
  const figure = countsOf(`simulation, ${SEEDS} seeds`);
  return [
    figure("seeds that failed", failed, 0),
    figure("views equal to a fresh evaluation", sum.viewsChecked),
    figure("mutations acknowledged", sum.acknowledged),
    figure("connections dropped", sum.drops),
    figure("kills", sum.kills),
  ];
}
