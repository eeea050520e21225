import type { Page } from "@playwright/test";
import { quantile, type Figure } from "./report.ts";

/** What happened in a page's main thread, in milliseconds. */
export interface Frames {
  /** How long each task took that took more than 50. */
  readonly longTasks: readonly number[];
  /** From one frame to the next. */
  readonly gaps: readonly number[];
}

declare global {
  interface Window {
    readableAt?: number;
    notedFrames?: { longTasks: number[]; gaps: number[]; isOver: boolean };
  }
}

/** Opens an address and tells how long it took until `selector` was on the page and painted. */
export async function timeUntil(page: Page, address: string, selector: string): Promise<number> {
  await page.addInitScript(watchFor, selector);
  await page.goto(address);
  await page.waitForFunction(() => window.readableAt !== undefined);
  return page.evaluate(() => window.readableAt as number);
}

/** Runs in the page before anything else. */
function watchFor(selector: string): void {
  const look = (): void => {
    const found = [...document.querySelectorAll<HTMLElement>(selector)].some((element) =>
      element.checkVisibility({ visibilityProperty: true, opacityProperty: false }),
    );
    if (found) window.readableAt ??= performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

/** Notes tasks and frames from now on; read them with `framesOf`. */
export async function recordFrames(page: Page): Promise<void> {
  await page.evaluate(() => {
    const frames = { longTasks: [] as number[], gaps: [] as number[], isOver: false };
    window.notedFrames = frames;
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) frames.longTasks.push(duration);
    }).observe({ type: "longtask" });
    let last = performance.now();
    const next = (now: number): void => {
      frames.gaps.push(now - last);
      last = now;
      if (!frames.isOver) requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  });
}

export async function framesOf(page: Page): Promise<Frames> {
  return page.evaluate(() => {
    if (!window.notedFrames) throw new Error("Nothing was recorded.");
    window.notedFrames.isOver = true;
    return window.notedFrames;
  });
}

/** A figure of one quantile beside that of the baseline. */
export function milliseconds(
  common: Pick<Figure, "measure" | "limit">,
  name: string,
  values: readonly number[],
  baseline: readonly number[],
  share: number,
): Figure {
  return {
    ...common,
    name,
    unit: "ms",
    value: quantile(values, share),
    baseline: quantile(baseline, share),
  };
}
