import { useSyncExternalStore } from "react";

const STORAGE_KEY = "parley:single-keys";
const listeners = new Set<() => void>();

/** Whether shortcuts of one key without a modifier are on. On until the person turns them off. */
export function singleKeysAreOn(): boolean {
  return localStorage.getItem(STORAGE_KEY) !== "off";
}

function setSingleKeys(on: boolean) {
  if (on) localStorage.removeItem(STORAGE_KEY);
  else localStorage.setItem(STORAGE_KEY, "off");
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  window.addEventListener("storage", listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("storage", listener);
  };
}

/** The same as a setting, kept in this browser and shared by its tabs. */
export function useSingleKeys() {
  return [useSyncExternalStore(subscribe, singleKeysAreOn), setSingleKeys] as const;
}
