// Where the person was before the checkout, kept in this tab alone while another site is shown in it.

const KEY = "parley:before-checkout";

/** Where something was refused for want of credits: the prices are only on the way back there. */
let refusedAt: string | null = null;

/** Notes that the person goes from here to the prices, and wants to come back. */
export function noteRefusal() {
  refusedAt = here();
}

/** Notes the page that is left for a checkout. */
export function noteWayBack() {
  const { pathname } = window.location;
  if (pathname.startsWith("/billing/")) return;
  const path = pathname === "/pricing" ? (refusedAt ?? here()) : here();
  try {
    sessionStorage.setItem(KEY, path);
  } catch {
    // A tab that may keep nothing leads back to the chat.
  }
}

function here(): string {
  return window.location.pathname + window.location.search;
}

/** A path of this app. */
export function wayBack(): string {
  try {
    const path = sessionStorage.getItem(KEY);
    return path?.startsWith("/") === true && !path.startsWith("//") ? path : "/chat";
  } catch {
    return "/chat";
  }
}
