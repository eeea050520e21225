import { useNavigate } from "react-router";
import { PageTitle } from "../../components/page-title";
import { chatStoreOf } from "../../features/chat/chat-store";
import { NEW_CHAT } from "../../features/chat/composer/drafts";
import { useSend } from "../../features/chat/use-send";
import { CreditsCard } from "../../features/credits/credits-card";
import { ActiveTasks } from "../../features/dashboard/active-tasks";
import { FirstSteps } from "../../features/dashboard/first-steps";
import { QuickChat } from "../../features/dashboard/quick-chat";
import { RecentProjects } from "../../features/dashboard/recent-projects";
import { useSettings } from "../../lib/use-settings";
import { greeting } from "../../lib/greeting";
import { useNow } from "../../lib/use-now";
import { useViewerId } from "../../lib/viewer";
import { InFrame } from "../frame/slots";
import { useGoToCreated } from "../use-go-to-created";

/** The first page: where things stand, and a quick way to ask. */
export default function DashboardPage() {
  const viewerId = useViewerId();
  return viewerId === null ? null : <Dashboard viewerId={viewerId} />;
}

function Dashboard({ viewerId }: { readonly viewerId: string }) {
  const navigate = useNavigate();
  const store = chatStoreOf(viewerId);
  const send = useSend(store, useGoToCreated());

  /**
   * The chat page shows the question at once; its address follows when the server has made it. The
   * chat is as the person has set it for new ones, which the server knows.
   */
  function ask(text: string) {
    const chatKey = store.keys.keyOf(null);
    const target = { chatKey, place: NEW_CHAT, displayId: null, sessionId: null };
    void send(target, { text, attachments: [], includesContext: null, model: null });
    void navigate("/chat");
  }

  return (
    <main className="h-full overflow-y-auto">
      <PageTitle>Dashboard</PageTitle>
      <InFrame slot="title">
        <h1 className="truncate font-[550]">Dashboard</h1>
      </InFrame>
      <div className="mx-auto max-w-[1040px] px-7 py-9 max-wide:px-4 max-wide:py-6">
        <p className="font-display text-[38px] leading-[1.15] tracking-[-0.015em] wrap-anywhere">
          {greeting(useNow(), useSettings()?.name)}
        </p>
        <div className="mt-6 grid grid-cols-[minmax(0,1.35fr)_minmax(0,1fr)] items-stretch gap-4 max-wide:grid-cols-1">
          <QuickChat onAsk={ask} />
          <CreditsCard />
          <div className="col-span-full flex flex-col gap-4">
            <FirstSteps />
            <RecentProjects />
            <ActiveTasks />
          </div>
        </div>
      </div>
    </main>
  );
}
