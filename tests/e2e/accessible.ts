import { expect, type Page } from "@playwright/test";
import { faults } from "./axe.ts";

const SIZES = [
  { width: 390, height: 844 },
  { width: 1440, height: 900 },
] as const;

/** axe finds nothing on this page, on a phone and on a desk, in light and in dark. */
export async function expectAccessible(page: Page): Promise<void> {
  const before = page.viewportSize();
  for (const size of SIZES) {
    await page.setViewportSize(size);
    for (const theme of ["light", "dark"] as const) {
      await page.evaluate((name) => {
        document.documentElement.dataset.theme = name;
      }, theme);
      expect(await faults(page, theme), `${theme} at ${size.width} px`).toEqual([]);
      const isTooWide = await page.evaluate(
        () => document.documentElement.scrollWidth > window.innerWidth,
      );
      expect(isTooWide, `scrolls sideways at ${size.width} px`).toBe(false);
    }
  }
  if (before) await page.setViewportSize(before);
}
