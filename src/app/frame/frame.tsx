import { clsx } from "clsx";
import { Menu } from "@/components/icons";
import { startTransition, Suspense, useCallback, useState } from "react";
import { Outlet, useLocation } from "react-router";
import { Button } from "../../components/button";
import { Reconnecting } from "../../components/reconnecting";
import { AccountRow } from "../../features/account/account-row";
import { TopUp } from "../../features/billing/top-up";
import { Unread } from "../../features/chat/unread/unread";
import { CreditsPill } from "../../features/credits/credits-pill";
import { LowCreditsToast } from "../../features/credits/low-credits-toast";
import { ShortfallDialog } from "../../features/credits/shortfall-dialog";
import { PendingDeletion } from "../../features/settings/pending-deletion";
import { useKeptFocus } from "../../lib/use-kept-focus";
import { useViewerId } from "../../lib/viewer";
import { CommandHost } from "../commands/command-host";
import { ErrorBoundary } from "../error-boundary";
import { PagesMenu } from "./pages-menu";
import { CONTENT, focusContent, SkipLink } from "./skip-link";
import { FrameSlotsContext } from "./slots";
import { ThemeButton } from "./theme-button";
import { useDrawer } from "./use-drawer";
import "./frame.css";

// The same elements each time: going to another page changes nothing of them.
const BAR_END = (
  <>
    <Reconnecting />
    <CreditsPill />
    <ThemeButton />
  </>
);
const ABOVE_PAGE = <PendingDeletion />;
const DIALOGS = (
  <>
    <ShortfallDialog />
    <TopUp />
  </>
);

/**
 * What stands around every private page: the sidebar, the navigation bar, and on a narrow screen
 * one drawer that holds the sidebar and the page's own column.
 */
export function Frame() {
  const [title, setTitle] = usePlace();
  const [aside, setAside] = usePlace();
  const { pathname, key } = useLocation();
  const viewerId = useViewerId();
  const { ref, isOpen, isInert, open, close } = useDrawer(key);
  // That of a link to another page, which goes with its page.
  const keepFocus = useKeptFocus(focusContent);
  const onChat = pathname.startsWith("/chat");
  const drawerName = onChat ? "Chats and pages" : "Pages";

  return (
    <FrameSlotsContext value={{ title, aside }}>
      <CommandHost />
      <SkipLink />
      <div className="frame" {...keepFocus}>
        <div
          ref={ref}
          className={clsx("frame-drawer", isOpen && "is-open")}
          inert={isInert}
          {...(isOpen
            ? { role: "dialog", "aria-modal": true, "aria-label": drawerName }
            : { role: "complementary", "aria-label": "Sidebar" })}
        >
          <PagesMenu />
          <div ref={setAside} className={clsx("frame-aside", onChat && "is-kept")} />
          <div className="frame-account">
            <AccountRow />
          </div>
        </div>
        <div className="frame-shade" hidden={!isOpen} onClick={close} />
        <div className="frame-main" inert={isOpen}>
          <header className="frame-bar">
            <Button
              kind="bare"
              size="icon"
              className="wide:hidden"
              aria-label={onChat ? "Open chats" : "Open menu"}
              aria-expanded={isOpen}
              onClick={open}
            >
              <Menu size={18} strokeWidth={1.75} aria-hidden="true" />
            </Button>
            <div ref={setTitle} className="frame-title flex min-w-0 flex-1 items-center gap-2.5" />
            {BAR_END}
          </header>
          {ABOVE_PAGE}
          <div {...CONTENT}>
            <ErrorBoundary resetKey={pathname}>
              <Unread>
                <Suspense>{title && aside && <Outlet />}</Suspense>
              </Unread>
            </ErrorBoundary>
          </div>
        </div>
      </div>
      {DIALOGS}
      {viewerId !== null && <LowCreditsToast viewerId={viewerId} />}
    </FrameSlotsContext>
  );
}

/**
 * A place in the frame for a part of the page. The page itself comes once its places are there, as a
 * transition: a frame and a page at once would be one long task.
 */
function usePlace() {
  const [place, setPlace] = useState<HTMLElement | null>(null);
  const ref = useCallback((element: HTMLElement | null) => {
    startTransition(() => setPlace(element));
  }, []);
  return [place, ref] as const;
}
