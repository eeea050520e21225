import type { FunctionReturnType } from "convex/server";
import { useEffect, useRef, useState } from "react";
import { useNavigate } from "react-router";
import type { api } from "../../../../convex/_generated/api";
import { notify } from "../../../lib/answer-notices";
import { useStable } from "../../../lib/use-stable";

type UnreadSession = FunctionReturnType<typeof api.chat.marks.unreadSessions>[number];

/** Whoever reads the answer within this time, in another tab or on another device, need not be told. */
export const WAIT_MS = 1_000;

/**
 * Tells outside the browser of each answer that ends while the page is not in front of the person,
 * and leads there. What ended before is known already, also when it comes into the list later: from
 * the archive, or because one before it was read where the list is cut.
 */
export default function Notifier({ unread }: { readonly unread: readonly UnreadSession[] }) {
  const navigate = useNavigate();
  const known = useRef<Set<string> | null>(null);
  const [since] = useState(() => Math.max(0, ...unread.map(({ endedAt }) => endedAt)));
  const latest = useRef(unread);

  const tell = useStable((answer: string) => {
    const session = latest.current.find((other) => answerOf(other) === answer);
    if (session === undefined || isInFront()) return;
    const notification = notify(
      session.hasFailed ? "An answer failed" : "An answer is done",
      session.displayId,
      session.title,
    );
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
    for (const session of unread) {
      const answer = answerOf(session);
      if (session.endedAt > since && !before.has(answer)) setTimeout(() => tell(answer), WAIT_MS);
    }
  }, [unread, since, tell]);
  useEffect(
    () => () => {
      latest.current = [];
    },
    [],
  );
  return null;
}

function answerOf({ displayId, endedAt }: UnreadSession): string {
  return `${displayId} ${endedAt}`;
}

function isInFront(): boolean {
  return document.visibilityState === "visible" && document.hasFocus();
}
