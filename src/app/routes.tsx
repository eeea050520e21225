import { type ComponentType, isValidElement, lazy } from "react";
import { createRoutesFromElements, matchRoutes, Route, useRoutes } from "react-router";
import { Frame } from "./frame/frame";
import { OpenFrame } from "./frame/open-frame";
import { NotFoundPage } from "./pages/not-found-page";
import { PrivateRoute } from "./private-route";

const scripts = new Map<unknown, () => Promise<unknown>>();

/** A page whose script is fetched, once, when it is first shown; see also {@link openedPage}. */
function page<Props extends object>(
  load: () => Promise<{ readonly default: ComponentType<Props> }>,
) {
  let script: ReturnType<typeof load> | null = null;
  const loadOnce = () => (script ??= load());
  const Page = lazy(loadOnce);
  scripts.set(Page, loadOnce);
  return Page;
}

const ChatPage = page(() => import("./pages/chat-page"));
const DashboardPage = page(() => import("./pages/dashboard-page"));
const SignInPage = page(() => import("./pages/sign-in-page"));
const SharedChatPage = page(() => import("./pages/shared-chat-page"));
const PricingPage = page(() => import("./pages/pricing-page"));
const ProjectsPage = page(() => import("./pages/projects-page"));
const ProjectPage = page(() => import("./pages/project-page"));
const DraftPage = page(() => import("./pages/draft-page"));
const SettingsPage = page(() => import("./pages/settings-page"));
const UsagePage = page(() => import("./pages/usage-page"));
const BillingReturnPage = page(() => import("./pages/billing-return-page"));
const SignOutPage = page(() => import("./pages/sign-out-page"));

const ROUTES = createRoutesFromElements(
  <>
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
  </>,
);

/**
 * Settles when the script of the opened address is there, or cannot be fetched. It is fetched beside
 * the question who is there, and not after its answer. Nothing should be drawn before: React shows
 * what it had to wait for no sooner than 300 ms after it showed the waiting.
 */
export const openedPage = Promise.allSettled(
  (matchRoutes(ROUTES, window.location) ?? []).flatMap(({ route: { element } }) => {
    const load = isValidElement(element) ? scripts.get(element.type) : undefined;
    return load === undefined ? [] : [load()];
  }),
);

/** The page of the address. */
export function AppRoutes() {
  return useRoutes(ROUTES);
}
