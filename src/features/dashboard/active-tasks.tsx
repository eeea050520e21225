import { convexQuery } from "@convex-dev/react-query";
import { useQuery } from "@tanstack/react-query";
import { useMutation } from "convex/react";
import { clsx } from "clsx";
import { ListChecks } from "@/components/icons";
import { Link } from "react-router";
import { api } from "../../../convex/_generated/api";
import { UNDO_MS } from "../../../convex/lib/time";
import { Card } from "../../components/card";
import { DoneBox } from "../../components/done-box";
import { dueWords } from "../../lib/due-date";
import { errorSentence } from "../../lib/error-sentence";
import { showToast } from "../../lib/toast";
import { useNow } from "../../lib/use-now";
import { useKeptPlace } from "../../lib/use-kept-focus";

const SHOWN = 6;

/** What is to be done next in all projects, by due date. */
export function ActiveTasks() {
  const { data: tasks } = useQuery(
    convexQuery(api.projects.tasks.listActiveTasks, { limit: SHOWN }),
  );
  const updateTask = useMutation(api.projects.tasks.updateTask);
  const now = useNow();
  const keptPlace = useKeptPlace();

  async function finish({ _id: taskId, title, status }: NonNullable<typeof tasks>[number]) {
    try {
      await updateTask({ taskId, status: "done" });
      await showToast("success", `“${title}” is done.`, {
        duration: UNDO_MS,
        action: { label: "Undo", onClick: () => void updateTask({ taskId, status }) },
      });
    } catch (error) {
      await showToast("error", errorSentence(error));
    }
  }

  return (
    <Card title="Active tasks" Icon={ListChecks}>
      {tasks !== undefined && tasks.length > 0 && (
        <ul {...keptPlace} className="animate-appear">
          {tasks.map((task) => {
            const due = task.dueOn === null ? null : dueWords(task.dueOn, now);
            return (
              <li
                key={task._id}
                className="flex items-center gap-2.5 border-t border-line px-0.5 py-[9px]"
              >
                <DoneBox title={task.title} checked={false} onChange={() => void finish(task)} />
                <Link
                  to={`/projects/${task.project.displayId}`}
                  className="-my-[9px] min-w-0 flex-1 truncate py-[11px] hover:text-accent-text"
                >
                  {task.title}
                </Link>
                <span className="max-w-40 truncate text-[13px] text-ink-2 max-wide:hidden">
                  {task.project.name}
                </span>
                {/* Its place is kept where the projects stand in a column before it. */}
                <span
                  className={clsx(
                    "min-w-20 flex-none text-right text-[13px] tabular-nums max-wide:empty:hidden",
                    due?.isLate === true ? "text-bad" : "text-ink-2",
                  )}
                >
                  {due?.text}
                </span>
              </li>
            );
          })}
        </ul>
      )}
      {tasks?.length === 0 && (
        <p className="animate-appear text-sm text-ink-2">Nothing is waiting to be done.</p>
      )}
    </Card>
  );
}
