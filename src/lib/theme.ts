import { useSyncExternalStore } from "react";

export type ThemePreference = "light" | "dark" | "system";

// `public/theme.js` reads the same key before the first paint.
const STORAGE_KEY = "parley:theme";
const systemIsDark = window.matchMedia("(prefers-color-scheme: dark)");
const listeners = new Set<() => void>();
let preference = storedPreference();

function storedPreference(): ThemePreference {
  const stored = localStorage.getItem(STORAGE_KEY);
  return stored === "light" || stored === "dark" ? stored : "system";
}

function apply() {
  const dark = preference === "dark" || (preference === "system" && systemIsDark.matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  for (const listener of listeners) listener();
}

systemIsDark.addEventListener("change", apply);
window.addEventListener("storage", (event) => {
  if (event.key !== STORAGE_KEY) return;
  preference = storedPreference();
  apply();
});

function setThemePreference(next: ThemePreference) {
  preference = next;
  if (next === "system") localStorage.removeItem(STORAGE_KEY);
  else localStorage.setItem(STORAGE_KEY, next);
  apply();
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The person's choice of light, dark or the system's, kept in this browser and shared by its tabs. */
export function useThemePreference() {
  const current = useSyncExternalStore(subscribe, () => preference);
  return [current, setThemePreference] as const;
}

/** Whether the page is dark now, whoever decided it. */
export function useIsDark(): boolean {
  return useSyncExternalStore(subscribe, () => document.documentElement.dataset.theme === "dark");
}
