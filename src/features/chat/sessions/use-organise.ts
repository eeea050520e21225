import { useMutation } from "convex/react";
import { useNavigate } from "react-router";
import { api } from "../../../../convex/_generated/api";
import { UNDO_MS } from "../../../../convex/chat/limits";
import { announce } from "../../../lib/announce";
import { errorSentence } from "../../../lib/error-sentence";
import { showToast } from "../../../lib/toast";
import type { Session } from "../message";

/** What a person does with a chat as a whole. Every failure is said in a toast. */
export function useOrganise() {
  const renameSession = useMutation(api.chat.organise.renameSession);
  const setPinned = useMutation(api.chat.organise.setPinned);
  const setArchived = useMutation(api.chat.organise.setArchived);
  const deleteSession = useMutation(api.chat.organise.deleteSession);
  const restoreSession = useMutation(api.chat.organise.restoreSession);
  const navigate = useNavigate();

  async function rename({ _id: sessionId }: Session, title: string) {
    await orSay(renameSession({ sessionId, title }), `The chat is called ${title}.`);
  }

  async function pin({ _id: sessionId, isPinned }: Session) {
    await orSay(
      setPinned({ sessionId, isPinned: !isPinned }),
      isPinned ? "The chat is no longer pinned." : "The chat is pinned.",
    );
  }

  async function archive({ _id: sessionId, isArchived }: Session) {
    const change = setArchived({ sessionId, isArchived: !isArchived });
    if (!(await orSay(change, ""))) return;
    const back = () => void orSay(setArchived({ sessionId, isArchived }), "Undone.");
    offerUndo(sessionId, isArchived ? "Chat moved out of the archive" : "Chat archived", back);
  }

  /** The open chat's page gives way to a new chat, and comes back with an undo. */
  async function remove({ _id: sessionId, displayId }: Session) {
    const wasOpen = isOpen(displayId);
    if (!(await orSay(deleteSession({ sessionId }), ""))) return;
    if (wasOpen && isOpen(displayId)) void navigate("/chat");
    offerUndo(sessionId, "Chat deleted", () => {
      void orSay(restoreSession({ sessionId }), "The chat is back.").then((isBack) => {
        if (isBack && wasOpen) void navigate(`/chat/${displayId}`);
      });
    });
  }

  return { rename, pin, archive, remove };
}

function isOpen(displayId: string): boolean {
  return window.location.pathname === `/chat/${displayId}`;
}

function offerUndo(id: string, message: string, undo: () => void) {
  const action = { label: "Undo", onClick: undo };
  void showToast("plain", message, { id, duration: UNDO_MS, action });
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
