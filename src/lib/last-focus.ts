const PASSING = "[role=menu], [role=dialog], [data-sonner-toast]";

let last: HTMLElement | null = null;

// A menu is gone by the time that what it opened is there, a dialog gives the focus back, and a toast
// goes away.
document.addEventListener("focusin", ({ target }) => {
  if (target instanceof HTMLElement && target.closest(PASSING) === null) {
    last = target;
  }
});

/** Gives the focus back to where it last was on the page itself. Says whether that is still there. */
export function restoreFocus(): boolean {
  if (!last?.isConnected) return false;
  last.focus();
  return document.activeElement === last;
}
