import { type ComponentType, lazy } from "react";
import { matchPath, Route, Routes } from "react-router";
import { Frame } from "./frame/frame";
import { OpenFrame } from "./frame/open-frame";
import { NotFoundPage } from "./pages/not-found-page";
import { PrivateRoute } from "./private-route";

const opened: Promise<unknown>[] = [];

/**
 * A page whose script is fetched when it is first shown, or at once if its address is the one that
 * was opened: beside the question who is there, and not after its answer.
 */
function page<Props extends object>(
  addresses: readonly string[],
  load: () => Promise<{ readonly default: ComponentType<Props> }>,
) {
  let script: ReturnType<typeof load> | null = null;
  const loadOnce = () => (script ??= load());
  if (addresses.some((address) => matchPath(address, window.location.pathname))) {
    opened.push(loadOnce());
  }
  return lazy(loadOnce);
}

const ChatPage = page(["/chat/:displayId?"], () => import("./pages/chat-page"));
const DashboardPage = page(["/"], () => import("./pages/dashboard-page"));
const SignInPage = page(["/sign-in", "/sign-up"], () => import("./pages/sign-in-page"));
const SharedChatPage = page(["/share/:token"], () => import("./pages/shared-chat-page"));
const PricingPage = page(["/pricing"], () => import("./pages/pricing-page"));
const ProjectsPage = page(["/projects"], () => import("./pages/projects-page"));
const ProjectPage = page(["/projects/:displayId"], () => import("./pages/project-page"));
const DraftPage = page(["/projects/draft"], () => import("./pages/draft-page"));
const SettingsPage = page(["/settings"], () => import("./pages/settings-page"));
const UsagePage = page(["/usage"], () => import("./pages/usage-page"));
const BillingReturnPage = page(["/billing/return"], () => import("./pages/billing-return-page"));
const SignOutPage = page(["/sign-out"], () => import("./pages/sign-out-page"));

/**
 * Settles when the opened page can be drawn at once, or never will be. One that begins with an empty
 * place for a script on its way keeps it empty: React shows what was waited for 300 ms after it
 * showed the waiting, however soon it is there.
 */
export const openedPage = Promise.allSettled(opened);

export function AppRoutes() {
  return (
    <Routes>
      <Route path="sign-in" element={<SignInPage mode="sign-in" />} />
      <Route path="sign-up" element={<SignInPage mode="sign-up" />} />
      <Route path="sign-out" element={<SignOutPage />} />
      <Route element={<OpenFrame />}>
        <Route path="pricing" element={<PricingPage />} />
      </Route>
      <Route path="share/:token" element={<SharedChatPage />} />
      <Route element={<PrivateRoute />}>
        <Route element={<Frame />}>
          <Route index element={<DashboardPage />} />
          <Route path="chat/:displayId?" element={<ChatPage />} />
          <Route path="projects" element={<ProjectsPage />} />
          <Route path="projects/draft" element={<DraftPage />} />
          <Route path="projects/:displayId" element={<ProjectPage />} />
          <Route path="settings" element={<SettingsPage />} />
          <Route path="usage" element={<UsagePage />} />
          <Route path="billing/return" element={<BillingReturnPage />} />
          <Route path="*" element={<NotFoundPage />} />
        </Route>
      </Route>
    </Routes>
  );
}
