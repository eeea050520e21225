import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

/** What a theme can break. */
const COLOUR_RULES = ["color-contrast", "link-in-text-block"];

/**
 * What axe finds on the page as it is now, in light and in dark: nothing.
 *
 * @param except rules that do not hold for what is open
 */
export async function expectAccessible(page: Page, except: string[] = []): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await expect(page.locator("html")).toHaveAttribute("data-theme", colorScheme);
    expect(await faults(page, colorScheme, except), colorScheme).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: null });
}

/** What axe finds on the page, once it stands still; in the dark what depends on colours. */
export async function faults(
  page: Page,
  theme: "light" | "dark",
  except: string[] = [],
): Promise<object[]> {
  const found = await faultsNow(page, theme, except);
  // What began to fade while it was measured, as a toast does that goes, is measured again.
  return found.length === 0 ? found : await faultsNow(page, theme, except);
}

async function faultsNow(page: Page, theme: "light" | "dark", except: string[]): Promise<object[]> {
  await untilStill(page);
  // In its page alone: no page of ours has frames from elsewhere, for which it would open another.
  const axe = new AxeBuilder({ page }).setLegacyMode();
  if (theme === "dark") axe.withRules(COLOUR_RULES);
  else axe.disableRules(except);
  const { violations } = await axe.analyze();
  return violations.map(({ id, nodes }) => ({
    id,
    where: nodes.map(({ target, failureSummary }) => `${target.join(" ")} ${failureSummary}`),
  }));
}

/** Colours that are still fading are measured wrongly. */
async function untilStill(page: Page): Promise<void> {
  await page.evaluate(() =>
    Promise.allSettled(
      document
        .getAnimations()
        .filter(({ effect }) => effect?.getComputedTiming().iterations !== Infinity)
        .map(({ finished }) => finished),
    ),
  );
}

/**
 * The sign-in library has a browser ask before a page is left in the moment in which it renews its
 * token. Of a page that nobody has touched, as a test leaves them, the browser says that it did not.
 */
const NOT_ASKED = "Blocked attempt to show a 'beforeunload' confirmation panel";

/** Collects what goes wrong in the page's console from now on. */
export function consoleErrors(page: Page): string[] {
  const errors: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" && !message.text().startsWith(NOT_ASKED)) {
      errors.push(message.text());
    }
  });
  page.on("pageerror", (error) => errors.push(error.message));
  return errors;
}
