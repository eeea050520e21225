import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "@playwright/test";
import lighthouse, { desktopConfig, type Flags, type RunnerResult } from "lighthouse";
import { findBrowser } from "../browser.ts";
import { signUp } from "../e2e/person.ts";
import { freePorts } from "../product/ports.ts";
import { middle, type Figure } from "./report.ts";
import type { Setting } from "./setting.ts";

const LEAST_POINTS = 95;
/** Lighthouse's own guide to its variability advises several runs and the median of them. */
const RUNS = 3;

type LighthouseResult = RunnerResult["lhr"];

/** Lighthouse on sign-in and chat, as a phone and as a desktop. */
export async function lighthouseScores({ product }: Setting): Promise<Figure[]> {
  const profile = mkdtempSync(join(tmpdir(), "parley-lighthouse-"));
  const [port] = await freePorts(1);
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: await findBrowser(),
    args: ["--no-sandbox", "--disable-gpu", `--remote-debugging-port=${port}`],
  });
  try {
    const figures: Figure[] = [];
    const flags: Flags = {
      ...(port === undefined ? {} : { port }),
      logLevel: "error",
    };
    for (const page of ["sign-in", "chat"] as const) {
      // What is signed in stays so: Lighthouse empties the browser's cache and leaves local storage.
      if (page === "chat") await signUp(await context.newPage(), product.url);
      for (const device of ["phone", "desktop"] as const) {
        const config = device === "desktop" ? desktopConfig : undefined;
        const runs: LighthouseResult[] = [];
        while (runs.length < RUNS) {
          const result = await lighthouse(`${product.url}/${page}`, flags, config);
          if (!result) throw new Error("Lighthouse said nothing.");
          runs.push(result.lhr);
        }
        const points = ({ categories }: LighthouseResult) => categories["performance"]?.score ?? 0;
        const { categories, audits } = middle(runs, points);
        for (const { id, score, auditRefs } of Object.values(categories)) {
          figures.push({
            measure: `Lighthouse, ${page}, ${device}`,
            name: `${id} of 100`,
            unit: "count",
            value: Math.round(100 * (score ?? 0)),
            baseline: null,
            limit: null,
            atLeast: LEAST_POINTS,
          });
          if (100 * (score ?? 0) >= LEAST_POINTS) continue;
          const failed = auditRefs.filter(
            (ref) => ref.weight > 0 && (audits[ref.id]?.score ?? 1) < 0.9,
          );
          console.error(
            `${page} ${device} ${id}: ${failed.map((ref) => `${ref.id} ${audits[ref.id]?.displayValue ?? ""}`).join(", ")}`,
          );
        }
      }
    }
    return figures;
  } finally {
    await context.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 3 });
  }
}
