const PARAMETER = "to";
const HOME = "/";

/** The sign-in page's address that leads back to `wanted` (a path of this app) afterwards. */
export function signInAddress(wanted: string): string {
  return wanted === HOME ? "/sign-in" : `/sign-in?${new URLSearchParams({ [PARAMETER]: wanted })}`;
}

/**
 * Where to go after signing in. Only a path of this app is followed: an address that names another
 * host (`//evil.example`, `/\evil.example`, `/.//evil.example`) would make the sign-in page a
 * stepping stone.
 */
export function returnAddress(search: string): string {
  const wanted = new URLSearchParams(search).get(PARAMETER);
  if (wanted === null || !wanted.startsWith("/")) return HOME;
  const base = "http://app.invalid";
  const url = URL.canParse(wanted, base) ? new URL(wanted, base) : null;
  if (url?.origin !== base || url.pathname.startsWith("//")) return HOME;
  return url.pathname + url.search + url.hash;
}
