let last: HTMLElement | null = null;

// A menu is gone by the time that what it opened is there, and a dialog gives the focus back.
document.addEventListener("focusin", ({ target }) => {
  if (target instanceof HTMLElement && target.closest("[role=menu], [role=dialog]") === null) {
    last = target;
  }
});

/** Gives the focus back to where it last was on the page itself. Says whether that is still there. */
export function restoreFocus(): boolean {
  if (!last?.isConnected) return false;
  last.focus();
  return document.activeElement === last;
}
