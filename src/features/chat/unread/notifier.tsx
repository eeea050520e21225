import type { FunctionReturnType } from "convex/server";
import { useEffect, useRef } from "react";
import { useNavigate } from "react-router";
import type { api } from "../../../../convex/_generated/api";
import { notify } from "../../../lib/answer-notices";

/**
 * Tells outside the browser of each answer that ends while the page is not in front of the person,
 * and leads there. What was unread before is known already.
 */
export default function Notifier({
  unread,
}: {
  readonly unread: FunctionReturnType<typeof api.chat.marks.unreadSessions>;
}) {
  const navigate = useNavigate();
  const known = useRef(unread);
  useEffect(() => {
    const before = new Set(known.current.map(({ displayId }) => displayId));
    known.current = unread;
    if (document.visibilityState === "visible" && document.hasFocus()) return;
    for (const { displayId, title } of unread) {
      if (before.has(displayId)) continue;
      const notification = notify("An answer is done", displayId, title);
      notification?.addEventListener("click", () => {
        window.focus();
        void navigate(`/chat/${displayId}`);
        notification.close();
      });
    }
  }, [unread, navigate]);
  return null;
}
