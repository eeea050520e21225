import { useConvexAuth } from "convex/react";
import { Navigate, useLocation } from "react-router";
import { PageTitle } from "../../components/page-title";
import { Wordmark } from "../../components/wordmark";
import { CredentialsForm, type CredentialsMode } from "../../features/account/credentials-form";
import { returnAddress } from "../../lib/return-address";
import { Splash } from "./splash";

/** One page, two modes. Whoever is signed in goes on to where they wanted to be. */
export default function SignInPage({ mode }: { readonly mode: CredentialsMode }) {
  const { isLoading, isAuthenticated } = useConvexAuth();
  const { search } = useLocation();
  if (isAuthenticated) return <Navigate to={returnAddress(search)} replace />;
  if (isLoading) return <Splash />;
  return (
    <main className="grid min-h-full place-items-center px-5 py-10">
      <PageTitle>Sign in</PageTitle>
      <div className="w-full max-w-[380px]">
        <Wordmark />
        <p className="mt-3 text-ink-2">
          Parley is a chat with an AI model that shows what each message costs.
        </p>
        <CredentialsForm initialMode={mode} />
      </div>
    </main>
  );
}
