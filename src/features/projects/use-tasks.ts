import { useMutation } from "convex/react";
import type { OptimisticLocalStore } from "convex/browser";
import { api } from "../../../convex/_generated/api";
import type { Id } from "../../../convex/_generated/dataModel";
import { UNDO_MS } from "../../../convex/lib/time";
import { errorSentence } from "../../lib/error-sentence";
import { showToast } from "../../lib/toast";
import type { Task } from "./words";

/** Changes of a project's tasks, shown at once and taken back when the server refuses them. */
export function useTaskChanges(projectId: Id<"projects">) {
  const add = useMutation(api.projects.tasks.addTask);
  const update = useMutation(api.projects.tasks.updateTask).withOptimisticUpdate(
    (store, { taskId, ...changes }) => {
      change(store, (tasks) =>
        tasks.map((task) => (task._id === taskId ? { ...task, ...changes } : task)),
      );
    },
  );
  const move = useMutation(api.projects.tasks.moveTask).withOptimisticUpdate(
    (store, { taskId, afterId }) => {
      change(store, (tasks) => {
        const moved = tasks.find(({ _id }) => _id === taskId);
        if (moved === undefined) return tasks;
        const others = tasks.filter(({ _id }) => _id !== taskId);
        const index = others.findIndex(({ _id }) => _id === afterId);
        return others.toSpliced(index + 1, 0, moved);
      });
    },
  );
  const remove = useMutation(api.projects.tasks.removeTask).withOptimisticUpdate(
    (store, { taskId }) => {
      change(store, (tasks) => tasks.filter(({ _id }) => _id !== taskId));
    },
  );
  const restore = useMutation(api.projects.tasks.restoreTask);

  function change(store: OptimisticLocalStore, next: (tasks: Task[]) => Task[]) {
    const query = api.projects.tasks.listTasks;
    const tasks = store.getQuery(query, { projectId });
    if (tasks !== undefined) store.setQuery(query, { projectId }, next(tasks));
  }

  return {
    add: async (title: string) => await add({ projectId, title }),
    update: async (taskId: Id<"tasks">, changes: TaskChanges) => {
      await settled(update({ taskId, ...changes }));
    },
    move: async (taskId: Id<"tasks">, afterId: Id<"tasks"> | null) => {
      await settled(move({ taskId, afterId }));
    },
    remove: async ({ _id: taskId, title }: Task) => {
      if (!(await settled(remove({ taskId })))) return;
      await showToast("plain", `“${title}” is deleted.`, {
        duration: UNDO_MS,
        action: { label: "Undo", onClick: () => void settled(restore({ taskId })) },
      });
    },
  };
}

export type TaskChanges = Partial<Pick<Task, "title" | "notes" | "status" | "priority" | "dueOn">>;

/** Tells the person when the server refused a change. */
export async function settled(change: Promise<unknown>): Promise<boolean> {
  try {
    await change;
    return true;
  } catch (error) {
    await showToast("error", errorSentence(error));
    return false;
  }
}
