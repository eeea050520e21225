import type { ExternalToast } from "sonner";
import { restoreFocus } from "./last-focus";
import { typesOnKeyboard } from "./pointer";

type Kind = "plain" | "success" | "warning" | "error";

let isThere: () => void;
/** Resolved once the place for toasts is on the page; one that was shown before would be lost. */
const place = new Promise<void>((resolve) => {
  isThere = resolve;
});

let isWanted = false;
const listeners = new Set<() => void>();

/** Whether anything was ever shown: before that nobody needs the place for it. */
export const toasts = {
  areWanted: () => isWanted,
  subscribe: (listener: () => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

/** Called by the toaster when it is on the page. */
export function toasterIsThere() {
  isThere();
}

/** Takes away what is still shown. */
export function dismissToasts() {
  if (isWanted) void import("sonner").then(({ toast }) => toast.dismiss());
}

/**
 * Shows a short message for some seconds, for what is done or needs no answer. The same `id` again
 * replaces it. The library behind it is fetched apart from the page.
 *
 * @param options.action a button, for undoing say; the focus then goes back to where it was
 */
export async function showToast(
  kind: Kind,
  message: string,
  {
    action,
    ...options
  }: Pick<ExternalToast, "id" | "description" | "duration"> & {
    readonly action?: { readonly label: string; readonly onClick: () => void };
  } = {},
): Promise<void> {
  isWanted = true;
  for (const listener of listeners) listener();
  const [{ toast }] = await Promise.all([import("sonner"), place]);
  const shown = {
    ...options,
    action: action && {
      label: action.label,
      onClick: () => {
        if (typesOnKeyboard()) restoreFocus();
        action.onClick();
      },
    },
  };
  if (kind === "plain") toast(message, shown);
  else toast[kind](message, shown);
}
