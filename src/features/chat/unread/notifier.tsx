import type { FunctionReturnType } from "convex/server";
import { useEffect, useRef } from "react";
import { useNavigate } from "react-router";
import type { api } from "../../../../convex/_generated/api";
import { notify } from "../../../lib/answer-notices";
import { useStable } from "../../../lib/use-stable";

type UnreadSession = FunctionReturnType<typeof api.chat.marks.unreadSessions>[number];

/** Whoever reads the answer within this time, in another tab or on another device, need not be told. */
export const WAIT_MS = 1_000;

/**
 * Tells outside the browser of each answer that ends while the page is not in front of the person,
 * and leads there. What was unread before is known already, also when it comes back into the list.
 */
export default function Notifier({ unread }: { readonly unread: readonly UnreadSession[] }) {
  const navigate = useNavigate();
  const known = useRef<Set<string> | null>(null);
  const latest = useRef(unread);

  const tell = useStable((answer: string) => {
    const session = latest.current.find((other) => answerOf(other) === answer);
    if (session === undefined || isInFront()) return;
    const notification = notify("An answer is done", session.displayId, session.title);
    notification?.addEventListener("click", () => {
      window.focus();
      void navigate(`/chat/${session.displayId}`);
      notification.close();
    });
  });
  useEffect(() => {
    latest.current = unread;
    const before = known.current;
    known.current = new Set([...(before ?? []), ...unread.map(answerOf)]);
    if (before === null || isInFront()) return;
    for (const answer of unread.map(answerOf)) {
      if (!before.has(answer)) setTimeout(() => tell(answer), WAIT_MS);
    }
  }, [unread, tell]);
  useEffect(
    () => () => {
      latest.current = [];
    },
    [],
  );
  return null;
}

/** Each answer follows something that the person did in the chat. */
function answerOf({ displayId, updatedAt }: UnreadSession): string {
  return `${displayId} ${updatedAt}`;
}

function isInFront(): boolean {
  return document.visibilityState === "visible" && document.hasFocus();
}
