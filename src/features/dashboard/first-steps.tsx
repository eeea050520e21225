import { convexQuery } from "@convex-dev/react-query";
import { useQuery } from "@tanstack/react-query";
import { usePaginatedQuery } from "convex/react";
import { clsx } from "clsx";
import { Check, Footprints } from "@/components/icons";
import { Link } from "react-router";
import { api } from "../../../convex/_generated/api";
import { COSTS, MONTHLY_FREE_CREDITS } from "../../../convex/credits/rules";
import { Card } from "../../components/card";
import { useIsIncluded } from "../../lib/price";

/** Three steps for somebody who is new; each is ticked by doing it, and with the last one they go. */
export function FirstSteps() {
  const { results: chats, status } = usePaginatedQuery(
    api.chat.sessions.listSessions,
    {},
    { initialNumItems: 1 },
  );
  const { data: projects } = useQuery(
    convexQuery(api.projects.projects.listRecentProjects, { limit: 3 }),
  );
  const isIncluded = useIsIncluded();
  if (status === "LoadingFirstPage" || projects === undefined) return null;

  const hasTask = projects.some(({ counts }) => counts.todo + counts.doing + counts.done > 0);
  const first = projects[0];
  const steps = [
    {
      isDone: chats.length > 0,
      to: "/chat",
      title: "Ask something",
      text: isIncluded
        ? "Every message is included in Pro."
        : `A message costs ${COSTS.chatMessage} credits; ${MONTHLY_FREE_CREDITS} free ones come every month.`,
    },
    {
      isDone: projects.length > 0,
      to: "/projects/draft",
      title: "Start a project",
      text: "Describe a goal and have it drafted, or begin with an empty one.",
    },
    {
      isDone: hasTask,
      to: first === undefined ? "/projects" : `/projects/${first.displayId}`,
      title: "Add a task and chat about it",
      text: "A chat that belongs to a project knows its tasks and pages.",
    },
  ];
  if (steps.every(({ isDone }) => isDone)) return null;

  return (
    <Card title="First steps" Icon={Footprints}>
      <ol className="grid animate-appear grid-cols-3 gap-3 max-wide:grid-cols-1">
        {steps.map(({ isDone, to, title, text }, index) => (
          <li key={title}>
            <Link
              to={to}
              className="flex h-full gap-3 rounded-xl border border-line p-3.5 transition-[border-color] duration-150 hover:border-ink-3"
            >
              <span
                className={clsx(
                  "grid size-6 flex-none place-items-center rounded-full text-[13px] font-semibold",
                  isDone ? "bg-good-soft text-good" : "bg-accent-soft text-accent-text",
                )}
              >
                {isDone ? <Check size={14} strokeWidth={2.5} aria-label="Done" /> : index + 1}
              </span>
              <span>
                <span className="block font-[550]">{title}</span>
                <span className="block text-[13px] leading-snug text-ink-2">{text}</span>
              </span>
            </Link>
          </li>
        ))}
      </ol>
    </Card>
  );
}
