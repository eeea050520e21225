import { useSyncExternalStore } from "react";

// The dialog for buying credits is one, and opened from many places: the balance, a refusal for lack
// of credits, the pricing page. The app shows it.

let isOpen = false;
const listeners = new Set<() => void>();

function set(open: boolean) {
  isOpen = open;
  for (const listener of listeners) listener();
}

export function openBuyCredits() {
  set(true);
}

export function closeBuyCredits() {
  set(false);
}

export function useBuyCreditsIsOpen(): boolean {
  return useSyncExternalStore(subscribe, () => isOpen);
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
