import { useConvexAuth } from "convex/react";
import { Suspense, useState } from "react";
import { Link, Outlet, useLocation } from "react-router";
import { ButtonLink } from "../../components/button";
import { Wordmark } from "../../components/wordmark";
import { signInAddress } from "../../lib/return-address";
import { Splash } from "../pages/splash";
import { Frame } from "./frame";
import { CONTENT, SkipLink } from "./skip-link";
import { FrameSlotsContext } from "./slots";
import { ThemeButton } from "./theme-button";
import "./frame.css";

/** Around a page that everybody may read: the whole frame for whom is signed in, else a plain bar. */
export function OpenFrame() {
  const { isLoading, isAuthenticated } = useConvexAuth();
  if (isLoading) return <Splash />;
  return isAuthenticated ? <Frame /> : <VisitorFrame />;
}

function VisitorFrame() {
  const [title, setTitle] = useState<HTMLElement | null>(null);
  const { pathname } = useLocation();
  return (
    <FrameSlotsContext value={{ title, aside: null }}>
      <SkipLink />
      <div className="frame-main h-dvh">
        <header className="frame-bar">
          <Link to="/" aria-label="Parley" className="rounded-lg py-1.5 max-wide:pl-2">
            <Wordmark />
          </Link>
          <div ref={setTitle} className="sr-only" />
          <span className="flex-1" />
          <ThemeButton />
          <ButtonLink to={signInAddress(pathname)} size="small">
            Sign in
          </ButtonLink>
        </header>
        <div {...CONTENT}>
          <Suspense>
            <Outlet />
          </Suspense>
        </div>
      </div>
    </FrameSlotsContext>
  );
}
