import { useAuthToken } from "@convex-dev/auth/react";
import { useConvexAuth } from "convex/react";
import { useDeferredValue } from "react";
import { Navigate, Outlet, useLocation } from "react-router";
import { signInAddress } from "../lib/return-address";
import { Splash } from "./pages/splash";

/**
 * Lets signed-in people through; others sign in first and then land where they wanted to go. Whoever
 * was signed in when this browser last was here need not wait for the server to say so: the page
 * stands, and one can write, before the line does. What the page may know the server decides alone.
 */
export function PrivateRoute() {
  const { isLoading, isAuthenticated } = useConvexAuth();
  const wasSignedIn = useAuthToken() !== null;
  const isUnknown = isLoading && !wasSignedIn;
  // Deferred: the whole page that follows is drawn in small steps, between which it answers.
  const mayEnter = useDeferredValue(isUnknown ? null : isLoading || isAuthenticated);
  const { pathname, search } = useLocation();
  if (mayEnter === null) return <Splash />;
  if (!mayEnter) return <Navigate to={signInAddress(pathname + search)} replace />;
  return <Outlet />;
}
