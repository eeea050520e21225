import { useConvexAuth } from "convex/react";
import { useDeferredValue } from "react";
import { Navigate, Outlet, useLocation } from "react-router";
import { signInAddress } from "../lib/return-address";
import { Splash } from "./pages/splash";

/** Lets signed-in people through; others sign in first and then land where they wanted to go. */
export function PrivateRoute() {
  // Deferred: the whole page that follows is drawn in small steps, between which it answers.
  const { isLoading, isAuthenticated } = useDeferredValue(useConvexAuth());
  const { pathname, search } = useLocation();
  if (isLoading) return <Splash />;
  if (!isAuthenticated) return <Navigate to={signInAddress(pathname + search)} replace />;
  return <Outlet />;
}
