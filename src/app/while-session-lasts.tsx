import { useAuthActions } from "@convex-dev/auth/react";
import { useQueryClient } from "@tanstack/react-query";
import { useConvexAuth, useQuery } from "convex/react";
import { type ReactNode, useEffect, useEffectEvent } from "react";
import { api } from "../../convex/_generated/api";
import { Splash } from "./pages/splash";

/**
 * Shows the pages to visitors, and to whom is signed in as long as the session lasts. One that was
 * ended elsewhere, as by a change of the password, is forgotten here too, which leads to sign-in.
 */
export function WhileSessionLasts({ children }: { readonly children: ReactNode }) {
  const { isAuthenticated } = useConvexAuth();
  const viewer = useQuery(api.account.viewer.current, isAuthenticated ? {} : "skip");
  return isAuthenticated && viewer === null ? <EndedSession /> : children;
}

function EndedSession() {
  const { signOut } = useAuthActions();
  const queries = useQueryClient();
  const forget = useEffectEvent(() => {
    queries.clear();
    void signOut();
  });
  useEffect(() => forget(), []);
  return <Splash />;
}
