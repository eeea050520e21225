import { useMutation } from "convex/react";
import { useNavigate } from "react-router";
import { api } from "../../../../convex/_generated/api";
import { UNDO_MS } from "../../../../convex/lib/time";
import { announce } from "../../../lib/announce";
import { errorSentence } from "../../../lib/error-sentence";
import { showToast } from "../../../lib/toast";
import type { Session } from "../message";

/** What a person does with whole chats. Every failure is said in a toast. */
export function useOrganise() {
  const renameSession = useMutation(api.chat.organise.renameSession);
  const setPinned = useMutation(api.chat.organise.setPinned);
  const setArchived = useMutation(api.chat.organise.setArchived);
  const deleteSessions = useMutation(api.chat.organise.deleteSessions);
  const restoreSessions = useMutation(api.chat.organise.restoreSessions);
  const navigate = useNavigate();

  async function rename({ _id: sessionId }: Pick<Session, "_id">, title: string) {
    await orSay(renameSession({ sessionId, title }), `The chat is called ${title}.`);
  }

  async function pin({ _id: sessionId, isPinned }: Session) {
    await orSay(
      setPinned({ sessionId, isPinned: !isPinned }),
      isPinned ? "The chat is no longer pinned." : "The chat is pinned.",
    );
  }

  /** Into the archive, or out of it. Says whether it was done. */
  async function archive(sessions: readonly Session[], isArchived: boolean): Promise<boolean> {
    const sessionIds = sessions.map(({ _id }) => _id);
    if (!(await orSay(setArchived({ sessionIds, isArchived }), ""))) return false;
    const done = isArchived ? "archived" : "moved out of the archive";
    offerUndo(sessions, done, () => {
      void orSay(setArchived({ sessionIds, isArchived: !isArchived }), "Undone.");
    });
    return true;
  }

  /**
   * The open chat's page gives way to a new chat, and comes back with an undo. Says whether it was
   * done.
   */
  async function remove(sessions: readonly Session[]): Promise<boolean> {
    const sessionIds = sessions.map(({ _id }) => _id);
    const open = sessions.find(isOpen);
    if (!(await orSay(deleteSessions({ sessionIds }), ""))) return false;
    if (open !== undefined && isOpen(open)) void navigate("/chat");
    offerUndo(sessions, "deleted", () => {
      const back = sessions.length === 1 ? "The chat is back." : "The chats are back.";
      void orSay(restoreSessions({ sessionIds }), back).then((isBack) => {
        if (isBack && open !== undefined) void navigate(`/chat/${open.displayId}`);
      });
    });
    return true;
  }

  return { rename, pin, archive, remove };
}

function isOpen({ displayId }: Session): boolean {
  return window.location.pathname === `/chat/${displayId}`;
}

function offerUndo(sessions: readonly Session[], done: string, undo: () => void) {
  const what = sessions.length === 1 ? "Chat" : `${sessions.length} chats`;
  const id = sessions.map(({ _id }) => _id).join(" ");
  const action = { label: "Undo", onClick: undo };
  void showToast("plain", `${what} ${done}`, { id, duration: UNDO_MS, action });
}

async function orSay(change: Promise<unknown>, done: string): Promise<boolean> {
  try {
    await change;
    if (done !== "") announce(done);
    return true;
  } catch (error) {
    void showToast("error", errorSentence(error));
    return false;
  }
}
