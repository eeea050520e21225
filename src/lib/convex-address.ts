/** The name of the setting that tells the page where its Convex deployment is. */
export const CONVEX_ADDRESS_SETTING = "VITE_CONVEX_URL";

export type ConvexAddress =
  | { readonly kind: "set"; readonly url: string }
  | { readonly kind: "unset" }
  | { readonly kind: "invalid"; readonly value: string };

/**
 * Reads the deployment's address from `<meta name="convex-url">`, which the build or the web
 * server fills in. There is no default on purpose: a page that guesses an address may talk to a
 * stranger's server.
 */
export function readConvexAddress(page: Document): ConvexAddress {
  const value = page.querySelector('meta[name="convex-url"]')?.getAttribute("content")?.trim();
  if (!value || value.startsWith("%")) return { kind: "unset" };
  if (!/^https?:\/\//.test(value) || !URL.canParse(value)) return { kind: "invalid", value };
  return { kind: "set", url: value.replace(/\/+$/, "") };
}
