import { lazy } from "react";
import { Route, Routes } from "react-router";
import { Frame } from "./frame/frame";
import { OpenFrame } from "./frame/open-frame";
import { NotFoundPage } from "./pages/not-found-page";
import { PrivateRoute } from "./private-route";

const loadChatPage = () => import("./pages/chat-page");
const loadSignInPage = () => import("./pages/sign-in-page");
// Fetched beside the question who is there, and not after its answer.
if (window.location.pathname.startsWith("/chat")) void loadChatPage();
if (window.location.pathname.startsWith("/sign-")) void loadSignInPage();

const ChatPage = lazy(loadChatPage);
const BillingReturnPage = lazy(() => import("./pages/billing-return-page"));
const DashboardPage = lazy(() => import("./pages/dashboard-page"));
const PricingPage = lazy(() => import("./pages/pricing-page"));
const DraftPage = lazy(() => import("./pages/draft-page"));
const ProjectPage = lazy(() => import("./pages/project-page"));
const ProjectsPage = lazy(() => import("./pages/projects-page"));
const UsagePage = lazy(() => import("./pages/usage-page"));
const SettingsPage = lazy(() => import("./pages/settings-page"));
const SharedChatPage = lazy(() => import("./pages/shared-chat-page"));
const SignInPage = lazy(loadSignInPage);
const SignOutPage = lazy(() => import("./pages/sign-out-page"));

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
