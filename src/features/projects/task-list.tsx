import {
  closestCenter,
  DndContext,
  type DragEndEvent,
  KeyboardSensor,
  PointerSensor,
  useSensor,
  useSensors,
} from "@dnd-kit/core";
import {
  SortableContext,
  sortableKeyboardCoordinates,
  verticalListSortingStrategy,
} from "@dnd-kit/sortable";
import { convexQuery } from "@convex-dev/react-query";
import { useQuery as useConvexQuery } from "convex/react";
import { useQuery } from "@tanstack/react-query";
import { clsx } from "clsx";
import { ListChecks, Plus } from "@/components/icons";
import { type FormEvent, useState } from "react";
import { api } from "../../../convex/_generated/api";
import { TITLE_MAX_CHARACTERS } from "../../../convex/projects/limits";
import { isBlank, trimmed } from "../../../convex/lib/characters";
import { Button } from "../../components/button";
import { Card } from "../../components/card";
import { CharactersLeft } from "../../components/characters-left";
import { Notice } from "../../components/notice";
import { errorSentence } from "../../lib/error-sentence";
import { useKeptPlace } from "../../lib/use-kept-focus";
import { TaskRow } from "./task-row";
import { useTaskChanges } from "./use-tasks";
import { type Project, TASK_STATUSES, type Task } from "./words";

type Filter = "all" | Task["status"];

/** A project's tasks: added in one line, edited in place, put in order by hand or by keyboard. */
export function TaskList({ project }: { readonly project: Project }) {
  // Warms the cache; the list itself follows the socket in the same frame, as a drag needs.
  useQuery(convexQuery(api.projects.tasks.listTasks, { projectId: project._id }));
  const tasks = useConvexQuery(api.projects.tasks.listTasks, { projectId: project._id });
  const [filter, setFilter] = useState<Filter>("all");
  const [opened, setOpened] = useState<Task["_id"] | null>(null);
  const changes = useTaskChanges(project._id);
  const keptPlace = useKeptPlace();
  const shown = (tasks ?? []).filter(({ status }) => filter === "all" || status === filter);
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 4 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  );

  function drop({ active, over }: DragEndEvent) {
    if (over === null || active.id === over.id) return;
    const ids = shown.map(({ _id }) => _id);
    const from = ids.findIndex((id) => id === active.id);
    const to = ids.findIndex((id) => id === over.id);
    const moved = ids[from];
    if (moved === undefined || to === -1) return;
    const neighbours = ids.filter((id) => id !== moved);
    void changes.move(moved, to === 0 ? null : (neighbours[to - 1] ?? null));
  }

  return (
    <Card title="Tasks" Icon={ListChecks}>
      <QuickAdd onAdd={async (title) => void (await changes.add(title))} />
      <Filters counts={project.counts} filter={filter} onFilter={setFilter} />
      <DndContext
        sensors={sensors}
        collisionDetection={closestCenter}
        onDragEnd={drop}
        accessibility={{ announcements: announcementsFor(shown) }}
      >
        <SortableContext items={shown.map(({ _id }) => _id)} strategy={verticalListSortingStrategy}>
          <ul {...keptPlace} className="flex flex-col" aria-label="Tasks">
            {shown.map((task) => (
              <TaskRow
                key={task._id}
                task={task}
                isOpen={opened === task._id}
                onToggle={() => setOpened(opened === task._id ? null : task._id)}
                onChange={(change) => void changes.update(task._id, change)}
                onRemove={() => void changes.remove(task)}
              />
            ))}
          </ul>
        </SortableContext>
      </DndContext>
      {tasks !== undefined && shown.length === 0 && (
        <p className="py-4 text-sm text-ink-2">
          {tasks.length === 0 ? "Nothing to do yet. Add the first step above." : "No task here."}
        </p>
      )}
    </Card>
  );
}

/** The order matters to people who cannot see it. */
function announcementsFor(tasks: readonly Task[]) {
  const place = (id: string | number) => tasks.findIndex(({ _id }) => _id === id) + 1;
  const title = (id: string | number) => tasks.find(({ _id }) => _id === id)?.title ?? "the task";
  return {
    onDragStart: ({ active }: { active: { id: string | number } }) =>
      `Picked up ${title(active.id)}, place ${place(active.id)} of ${tasks.length}.`,
    onDragOver: ({ over }: { over: { id: string | number } | null }) =>
      over === null ? "" : `Place ${place(over.id)} of ${tasks.length}.`,
    onDragEnd: ({ active, over }: DragEndEvent) =>
      over === null ? "Put back." : `${title(active.id)} is at place ${place(over.id)}.`,
    onDragCancel: () => "Put back.",
  };
}

function QuickAdd({ onAdd }: { readonly onAdd: (title: string) => Promise<void> }) {
  const [title, setTitle] = useState("");
  const [failure, setFailure] = useState<string | null>(null);

  async function add(event: FormEvent) {
    event.preventDefault();
    const wanted = trimmed(title);
    if (wanted === "") return;
    setTitle("");
    setFailure(null);
    try {
      await onAdd(wanted);
    } catch (error) {
      // Typed text is never lost, and what was typed since comes first.
      setTitle((typed) => (typed === "" ? wanted : typed));
      setFailure(errorSentence(error));
    }
  }

  return (
    <form onSubmit={(event) => void add(event)} className="flex flex-col gap-2">
      <div className="relative flex items-center gap-2 rounded-xl border border-line bg-paper py-1.5 pr-1.5 pl-3.5 focus-within:border-[color-mix(in_oklab,var(--accent-text)_55%,var(--line))]">
        <input
          aria-label="Task title"
          placeholder="What is to be done?"
          maxLength={TITLE_MAX_CHARACTERS}
          value={title}
          onChange={(event) => setTitle(event.target.value)}
          className="-my-1.5 min-h-11 min-w-0 flex-1 bg-transparent text-base outline-none placeholder:text-ink-2"
        />
        <CharactersLeft text={title} max={TITLE_MAX_CHARACTERS} />
        <Button type="submit" kind="primary" size="small" disabled={isBlank(title)}>
          <Plus size={15} strokeWidth={2} aria-hidden="true" />
          New task
        </Button>
      </div>
      {failure !== null && <Notice announced>{failure}</Notice>}
    </form>
  );
}

function Filters({
  counts,
  filter,
  onFilter,
}: {
  readonly counts: Project["counts"];
  readonly filter: Filter;
  readonly onFilter: (filter: Filter) => void;
}) {
  const all = { value: "all", label: "All", count: counts.todo + counts.doing + counts.done };
  const options = [
    all,
    ...TASK_STATUSES.map((status) => ({ ...status, count: counts[status.value] })),
  ];
  return (
    <div role="group" aria-label="Show tasks" className="flex flex-wrap gap-1">
      {options.map(({ value, label, count }) => (
        <button
          key={value}
          type="button"
          aria-pressed={filter === value}
          onClick={() => onFilter(value as Filter)}
          className={clsx(
            "touch-target flex items-center gap-1.5 rounded-full px-3 py-1 text-[13.5px] transition-colors duration-150",
            filter === value ? "bg-shade font-[550]" : "text-ink-2 hover:bg-shade hover:text-ink",
          )}
        >
          {label}
          <span className="text-ink-2 tabular-nums">{count}</span>
        </button>
      ))}
    </div>
  );
}
