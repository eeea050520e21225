import { useEffect, useSyncExternalStore } from "react";
import type { MathPlugin } from "@streamdown/math";

let plugin: MathPlugin | null = null;
let loading: Promise<MathPlugin> | null = null;
const listeners = new Set<() => void>();

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** What draws formulas, fetched with its fonts the first time that a text holds one. */
export function useMath(isHeld: boolean): MathPlugin | null {
  const loaded = useSyncExternalStore(subscribe, () => plugin);
  useEffect(() => {
    if (isHeld && plugin === null) void load();
  }, [isHeld]);
  return isHeld ? loaded : null;
}

async function load(): Promise<void> {
  loading ??= import("./math-plugin").then(({ math }) => math);
  try {
    plugin = await loading;
    for (const listener of listeners) listener();
  } catch {
    // The formulas stay readable as they were written; the next one tries again.
    loading = null;
  }
}

/** Whether a text has formulas, in the marks that `dollarMarks` leaves. */
export function holdsMath(markdown: string): boolean {
  return markdown.includes("$$");
}

/** What stands before and after a formula. */
export const FORMULA_MARKS = [
  ["\\(", "\\)"],
  ["\\[", "\\]"],
  ["$$", "$$"],
] as const;

/** Whether a formula has begun, in whichever marks. */
export function beginsMath(text: string): boolean {
  return FORMULA_MARKS.some(([opening]) => text.includes(opening));
}

/** Code is left as it is: a fence to its end or the text's, and what stands between backticks. */
const CODE_OR_FORMULA =
  /(^ {0,3}(`{3,}|~{3,})[^\n]*\n(?:[\s\S]*?\n {0,3}\2[`~]*[ \t]*$|[\s\S]*)|(`+)(?!`)(?:(?!\n\n)[\s\S])*?[^`]\3(?!`))|\\\[([\s\S]+?)\\\]|\\\(([\s\S]+?)\\\)/gm;

/**
 * Models write formulas as `\(…\)` and `\[…\]`, in which markdown sees escaped brackets. Outside of
 * code they become `$$…$$`, which markdown with formulas knows.
 */
export function dollarMarks(markdown: string): string {
  if (!markdown.includes("\\(") && !markdown.includes("\\[")) return markdown;
  return markdown.replaceAll(
    CODE_OR_FORMULA,
    (whole, code?: string, _fence?: string, _ticks?: string, block?: string, inline?: string) => {
      if (code !== undefined) return whole;
      if (block !== undefined) return `\n$$\n${block.trim()}\n$$\n`;
      return `$$${(inline ?? "").trim()}$$`;
    },
  );
}
