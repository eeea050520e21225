import { Menu } from "@/components/icons";
import { useLayoutEffect } from "react";
import { WordmarkSign } from "../../components/wordmark";

/**
 * While it is found out who is there: the same empty frame that index.html shows before any script
 * is there, so that nothing blinks from the first picture to the page.
 */
export function Splash() {
  useLayoutEffect(() => {
    // As public/theme.js does before; the person may have come from signing in.
    if (/^\/(sign-|share\/)/.test(window.location.pathname)) return;
    delete document.documentElement.dataset.page;
  }, []);
  return (
    <div className="shell" aria-busy="true">
      <div className="shell-side">
        <div className="shell-mark">
          <WordmarkSign />
          <span>Parley</span>
        </div>
      </div>
      <div className="shell-bar">
        <Menu strokeWidth={1.75} aria-hidden="true" />
      </div>
    </div>
  );
}
