import { convexQuery } from "@convex-dev/react-query";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { matchPath, useLocation } from "react-router";
import { api } from "../../../../convex/_generated/api";
import { onDemand } from "../../../components/on-demand";
import { WaitingCount } from "../../../components/page-title";
import { useAnswerNotices } from "../../../lib/answer-notices";

const Notifier = onDemand(() => import("./notifier"));

/** Tells of answers that ended and were not seen: in the title of the pages within, and if wanted outside the browser. */
export function Unread({ children }: { readonly children: ReactNode }) {
  const { data: unread } = useQuery(convexQuery(api.chat.marks.unreadSessions, {}));
  const { pathname } = useLocation();
  const notices = useAnswerNotices();
  // What stands before the person is as good as seen.
  const isSeen = document.visibilityState === "visible";
  const open = matchPath("/chat/:displayId", pathname)?.params.displayId;
  const elsewhere = unread?.filter(({ displayId }) => !(isSeen && displayId === open));
  return (
    <WaitingCount value={elsewhere?.length ?? 0}>
      {children}
      {notices && unread !== undefined && <Notifier unread={unread} />}
    </WaitingCount>
  );
}
