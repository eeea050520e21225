import type { Page } from "@playwright/test";
import { answers } from "./person.ts";

/**
 * What is left of an answer of the demonstration model when its formatting is taken away: headings
 * lose their marks, and blanks do not count. For the answers whose length a question asks for,
 * which have paragraphs and headings only.
 */
export function bare(markdown: string): string {
  return markdown.replaceAll(/^#+ /gm, "").replaceAll(/\s+/g, "");
}

/** The newest answer's text on the page, without blanks. */
export async function shownText(page: Page): Promise<string> {
  return bare(await answers(page).last().innerText());
}

/** One state of the newest answer. */
export interface Step {
  /** Without blanks. */
  readonly text: string;
  readonly isGrowing: boolean;
}

declare global {
  interface Window {
    answerSteps?: Step[];
  }
}

/**
 * Records every state of the newest answer from now on, in this document (`now`) or in the one
 * that is loaded next (`next`). Read them with `recordedSteps`.
 */
export async function recordSteps(page: Page, when: "now" | "next"): Promise<void> {
  if (when === "now") await page.evaluate(startRecording);
  else await page.addInitScript(startRecording);
}

export function recordedSteps(page: Page): Promise<Step[]> {
  return page.evaluate(() => window.answerSteps ?? []);
}

/** Runs in the page, where nothing of this file exists. */
function startRecording(): void {
  const steps: Step[] = [];
  window.answerSteps = steps;
  const look = (): void => {
    const answer = [...document.querySelectorAll('article[aria-label="Assistant message"]')].at(-1);
    if (!(answer instanceof HTMLElement)) return;
    const text = answer.innerText.replaceAll(/\s+/g, "");
    const isGrowing = answer.getAttribute("aria-busy") === "true";
    const last = steps.at(-1);
    if (last?.text !== text || last.isGrowing !== isGrowing) steps.push({ text, isGrowing });
  };
  new MutationObserver(look).observe(document, {
    subtree: true,
    childList: true,
    characterData: true,
    attributes: true,
    attributeFilter: ["aria-busy"],
  });
}
