import { ConvexAuthProvider } from "@convex-dev/auth/react";
import { QueryClientProvider } from "@tanstack/react-query";
import { useConvexAuth } from "convex/react";
import { Suspense, useEffect, useState, useSyncExternalStore } from "react";
import { BrowserRouter } from "react-router";
import { Announcer } from "../components/announcer";
import { onDemand } from "../components/on-demand";
import { queryClientOver } from "../lib/query-client";
import { dismissToasts, toasts } from "../lib/toast";
import { appClient } from "./app-client";
import { ErrorBoundary } from "./error-boundary";
import { Splash } from "./pages/splash";
import { AppRoutes } from "./routes";
import { WhileSessionLasts } from "./while-session-lasts";

// With the first message: nobody waits for the place of one that is not there yet.
const Toaster = onDemand(() => import("./toaster"));

/** The whole application on one Convex deployment. */
export function App({ url }: { readonly url: string }) {
  const [convex] = useState(() => appClient(url));
  const [queries] = useState(() => queryClientOver(convex));
  return (
    <ErrorBoundary>
      <ConvexAuthProvider client={convex}>
        <QueryClientProvider client={queries}>
          <BrowserRouter>
            <WhileSessionLasts>
              <Suspense fallback={<Splash />}>
                <AppRoutes />
              </Suspense>
            </WhileSessionLasts>
          </BrowserRouter>
          <Announcer />
          <Toasts />
        </QueryClientProvider>
      </ConvexAuthProvider>
    </ErrorBoundary>
  );
}

function Toasts() {
  const areWanted = useSyncExternalStore(toasts.subscribe, toasts.areWanted);
  const { isAuthenticated } = useConvexAuth();
  // What was told to the one who signed out is not for the next one.
  useEffect(() => (isAuthenticated ? dismissToasts : undefined), [isAuthenticated]);
  return areWanted && <Toaster />;
}
