import { useAuthToken } from "@convex-dev/auth/react";

/** The stable user id inside a Convex Auth token, whose subject is `<user id>|<session id>`. */
function viewerIdOf(token: string): string | null {
  const payload = token.split(".")[1];
  if (payload === undefined) return null;
  try {
    const base64 = payload.replaceAll("-", "+").replaceAll("_", "/");
    const { sub } = JSON.parse(atob(base64)) as { sub?: unknown };
    return typeof sub === "string" ? (sub.split("|")[0] ?? null) : null;
  } catch {
    return null;
  }
}

/**
 * Who is signed in, known without asking the server. Only for keeping one person's drafts apart
 * from another's in the same browser; what a person may see is decided by the server alone.
 */
export function useViewerId(): string | null {
  const token = useAuthToken();
  return token === null ? null : viewerIdOf(token);
}
