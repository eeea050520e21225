import { useAuthToken } from "@convex-dev/auth/react";
import { tokenClaims } from "./token-claims";

/** The stable user id inside a Convex Auth token, whose subject is `<user id>|<session id>`. */
function viewerIdOf(token: string): string | null {
  const { sub } = tokenClaims(token);
  return typeof sub === "string" ? (sub.split("|")[0] ?? null) : null;
}

/**
 * Who is signed in, known without asking the server. Only for keeping one person's drafts apart
 * from another's in the same browser; what a person may see is decided by the server alone.
 */
export function useViewerId(): string | null {
  const token = useAuthToken();
  return token === null ? null : viewerIdOf(token);
}
