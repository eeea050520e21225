import { convexQuery } from "@convex-dev/react-query";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useLocation, useNavigate, useParams } from "react-router";
import { api } from "../../../convex/_generated/api";
import { onDemand } from "../../components/on-demand";
import { ChatTitle } from "../../features/chat/chat-title";
import { chatStoreOf } from "../../features/chat/chat-store";
import { newChatOf } from "../../features/chat/composer/drafts";
import { Conversation } from "../../features/chat/conversation";
import { loadMarkdown } from "../../features/chat/markdown/markdown";
import type { Session } from "../../features/chat/message";
import { READING } from "../../features/chat/reading";
import { SessionList } from "../../features/chat/sessions/session-list";
import { useOrganise } from "../../features/chat/sessions/use-organise";
import { useMarkSeen } from "../../features/chat/sessions/use-mark-seen";
import { CreditsFooter } from "../../features/credits/credits-footer";
import { ChatProject } from "../../features/projects/chat-project";
import { useCommand } from "../../lib/commands";
import { useStable } from "../../lib/use-stable";
import { useViewerId } from "../../lib/viewer";
import { InFrame } from "../frame/slots";
import { useGoToCreated } from "../use-go-to-created";
import { NotFoundPage } from "./not-found-page";

const ShareDialog = onDemand(() => import("../../features/chat/sharing/share-dialog"));
const MoveDialog = onDemand(() => import("../../features/projects/move-chat-dialog"));
const ExportDialog = onDemand(() => import("../../features/chat/exporting/export-dialog"));

// Asked for while the messages are still on their way. A new chat has none: it waits for the
// person to begin.
if (/^\/chat\/./.test(window.location.pathname)) void loadMarkdown();

// The same elements each time: what they show does not change with the page around them.
const FOOTER = <CreditsFooter />;
const ABSENT = <NotFoundPage />;

/** `/chat` and `/chat/CH-000001`: the chats on the left, one of them on the right. */
export default function ChatPage() {
  const viewerId = useViewerId();
  // `null` for the moment between signing out in another tab and being taken to sign-in.
  return viewerId === null ? null : <Chats viewerId={viewerId} />;
}

function Chats({ viewerId }: { readonly viewerId: string }) {
  const displayId = useParams().displayId ?? null;
  // That which a new chat is to belong to (`/chat?project=PR-000001`).
  const projectParameter = new URLSearchParams(useLocation().search).get("project");
  const navigate = useNavigate();
  const goToCreated = useGoToCreated();
  const store = chatStoreOf(viewerId);
  const newPlace = newChatOf(projectParameter);
  const chatKey = store.keys.keyOf(displayId, newPlace);
  const { data: session } = useQuery(
    convexQuery(api.chat.sessions.getSession, displayId === null ? "skip" : { displayId }),
  );
  const wanted = useWanted();
  const isReading = useLocation().state === READING;
  const [exporting, setExporting] = useState<Session | null>(null);
  const [moving, setMoving] = useState<Session | null>(null);
  const [isSharing, setIsSharing] = useState(false);
  const share = session ? () => setIsSharing(true) : null;
  const { archive, remove } = useOrganise();

  const startNewChat = useStable(() => {
    if (displayId === null) store.keys.leave(chatKey);
    void navigate("/chat");
  });
  const { data: project } = useQuery(
    convexQuery(
      api.projects.projects.getProject,
      projectParameter === null ? "skip" : { displayId: projectParameter },
    ),
  );
  const projectId = (displayId === null ? project?._id : session?.projectId) ?? null;
  useCommand("new-chat", startNewChat);
  useCommand("share-chat", share);
  useCommand("export-chat", session ? () => setExporting(session) : null);
  useCommand("move-chat", session ? () => setMoving(session) : null);
  useCommand("delete-chat", session ? () => void remove([session]) : null);
  const shelve = session ? () => void archive([session], !session.isArchived) : null;
  useCommand("archive-chat", session?.isArchived === false ? shelve : null);
  useCommand("unarchive-chat", session?.isArchived === true ? shelve : null);
  useMarkSeen(displayId);

  return (
    <>
      <InFrame slot="aside">
        <SessionList
          current={displayId}
          onNewChat={startNewChat}
          onExport={setExporting}
          onMove={setMoving}
        />
      </InFrame>
      <InFrame slot="title">
        <ChatTitle displayId={displayId} onShare={share} />
        <ChatProject projectId={projectId} />
      </InFrame>
      <Conversation
        key={chatKey}
        store={store}
        chatKey={chatKey}
        displayId={displayId}
        newPlace={newPlace}
        onCreated={goToCreated}
        wanted={wanted}
        isReading={isReading}
        projectId={projectId}
        footer={FOOTER}
        absent={ABSENT}
      />
      {exporting !== null && (
        <ExportDialog session={exporting} onClose={() => setExporting(null)} />
      )}
      {moving !== null && <MoveDialog chat={moving} onClose={() => setMoving(null)} />}
      {isSharing && session && (
        <ShareDialog session={session} onClose={() => setIsSharing(false)} />
      )}
    </>
  );
}

/** The message that the address leads to (`?message=…`), anew with every visit. */
function useWanted() {
  const { search, key } = useLocation();
  return useMemo(() => {
    const messageId = new URLSearchParams(search).get("message");
    return messageId === null ? null : { messageId, visit: key };
  }, [search, key]);
}
