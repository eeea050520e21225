import { useSortable } from "@dnd-kit/sortable";
import { clsx } from "clsx";
import { ChevronDown, Flag, GripVertical, Trash2 } from "@/components/icons";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import { NOTES_MAX_CHARACTERS, TITLE_MAX_CHARACTERS } from "../../../convex/projects/limits";
import { trimmed } from "../../../convex/lib/characters";
import { Button } from "../../components/button";
import { DoneBox } from "../../components/done-box";
import { Select, TextArea, TextField } from "../../components/field";
import { dueWords } from "../../lib/due-date";
import { useNow } from "../../lib/use-now";
import type { TaskChanges } from "./use-tasks";
import { PRIORITIES, TASK_STATUSES, type Task } from "./words";

interface Row {
  readonly task: Task;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
  readonly onChange: (changes: TaskChanges) => void;
  readonly onRemove: () => void;
}

/** One task. Its handle moves it; its box ends it; its title opens everything else about it. */
export function TaskRow({ task, isOpen, onToggle, onChange, onRemove }: Row) {
  const {
    attributes,
    listeners,
    setNodeRef,
    setActivatorNodeRef,
    transform,
    transition,
    isDragging,
  } = useSortable({ id: task._id, transition: { duration: 160, easing: "ease-out" } });
  const isDone = task.status === "done";
  return (
    <li
      ref={setNodeRef}
      style={{
        transform:
          transform === null ? undefined : `translate3d(0, ${Math.round(transform.y)}px, 0)`,
        transition,
      }}
      className={clsx(
        "border-t border-line",
        isDragging && "relative z-10 rounded-lg border-transparent bg-raised shadow-float",
      )}
    >
      <div className="flex items-center gap-2 py-1.5">
        <button
          ref={setActivatorNodeRef}
          {...attributes}
          {...listeners}
          type="button"
          aria-label={`Move ${task.title}`}
          className="touch-target -ml-1.5 cursor-grab touch-none rounded-md p-1 text-ink-3 hover:text-ink"
        >
          <GripVertical size={16} strokeWidth={1.75} aria-hidden="true" />
        </button>
        <DoneBox
          title={task.title}
          checked={isDone}
          onChange={(checked) => onChange({ status: checked ? "done" : "todo" })}
        />
        <div className="flex min-w-0 flex-1 items-center gap-x-2 max-[560px]:flex-col max-[560px]:items-stretch">
          <button
            type="button"
            aria-expanded={isOpen}
            aria-label={`Edit ${task.title}`}
            onClick={onToggle}
            className="flex min-h-8 pointer-coarse:min-h-11 min-w-0 flex-1 items-center gap-2.5 rounded-md px-1 text-left"
          >
            <span
              className={clsx(
                "min-w-0 flex-1 wrap-anywhere",
                isDone && "text-ink-2 line-through decoration-line",
              )}
            >
              {task.title}
            </span>
          </button>
          <Marks task={task} />
        </div>
        {/* The title opens it for keys and screen readers; this is for the pointer alone. */}
        <button
          type="button"
          tabIndex={-1}
          aria-hidden="true"
          onClick={onToggle}
          className="touch-target flex-none rounded-md p-1 text-ink-3 hover:text-ink"
        >
          <ChevronDown
            size={16}
            strokeWidth={1.75}
            className={clsx("transition-transform duration-150", isOpen && "rotate-180")}
          />
        </button>
      </div>
      {isOpen && <TaskEditor task={task} onChange={onChange} onRemove={onRemove} />}
    </li>
  );
}

/** What is worth knowing before opening it: at work on it, urgent, due. */
function Marks({ task }: { readonly task: Task }) {
  const now = useNow();
  const due = task.dueOn === null || task.status === "done" ? null : dueWords(task.dueOn, now);
  return (
    <span className="flex flex-none items-center gap-2.5 text-[13px] max-[560px]:px-1 max-[560px]:pb-1 max-[560px]:empty:hidden">
      {task.status === "doing" && (
        <span className="rounded-full bg-accent-soft px-2 py-0.5 text-xs font-[550] text-accent-text">
          Doing
        </span>
      )}
      {task.priority === "high" && (
        <span className="flex items-center gap-1 text-warn">
          <Flag size={14} strokeWidth={1.75} aria-hidden="true" />
          <span className="max-wide:sr-only">High</span>
        </span>
      )}
      {due !== null && <span className={due.isLate ? "text-bad" : "text-ink-2"}>{due.text}</span>}
    </span>
  );
}

/** A pause in typing after which notes are kept. */
const PAUSE_MS = 600;

/**
 * Everything of a task. The title is kept when its field is left, so that Esc can take it back;
 * notes, which may be long, also while they are typed; choices at once.
 */
function TaskEditor({ task, onChange, onRemove }: Pick<Row, "task" | "onChange" | "onRemove">) {
  const [title, setTitle] = useState(task.title);
  const [notes, setNotes] = useState(task.notes);
  /** What this field began with or handed on; what another device wrote since is not undone by it. */
  const keptNotes = useRef(task.notes);
  const [dueOn, setDueOn] = useState(task.dueOn ?? "");

  /** While a day is typed, it is empty or in the year 2 at times; only a likely one is kept at once. */
  function typeDay(day: string) {
    setDueOn(day);
    if (day >= "2000") keepDay(day);
  }

  function keepDay(day: string) {
    if (day !== (task.dueOn ?? "")) onChange({ dueOn: day === "" ? null : day });
  }

  function keepTitle() {
    const wanted = trimmed(title);
    if (wanted === "") setTitle(task.title);
    else if (wanted !== task.title) onChange({ title: wanted });
  }

  function keepNotes() {
    const wanted = trimmed(notes);
    if (wanted === keptNotes.current) return;
    keptNotes.current = wanted;
    onChange({ notes: wanted });
  }

  const keepTypedNotes = useEffectEvent(keepNotes);
  useEffect(() => {
    const timer = setTimeout(() => keepTypedNotes(), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [notes]);
  // Whoever goes to another page leaves no field.
  useEffect(() => () => keepTypedNotes(), []);

  return (
    <div className="flex animate-appear flex-col gap-3 pt-1 pb-4 pl-7 max-wide:pl-0">
      <TextField
        label="Title"
        maxLength={TITLE_MAX_CHARACTERS}
        value={title}
        onChange={(event) => setTitle(event.target.value)}
        onBlur={keepTitle}
        onKeyDown={(event) => {
          if (event.key === "Enter" && !event.nativeEvent.isComposing) keepTitle();
          if (event.key === "Escape") setTitle(task.title);
        }}
      />
      <TextArea
        label="Notes"
        maxLength={NOTES_MAX_CHARACTERS}
        value={notes}
        onChange={(event) => setNotes(event.target.value)}
        onBlur={keepNotes}
      />
      <div className="grid grid-cols-[repeat(auto-fit,minmax(130px,1fr))] items-end gap-3">
        <Select
          label="Status"
          options={TASK_STATUSES}
          value={task.status}
          onChange={(status) => onChange({ status })}
        />
        <Select
          label="Priority"
          options={PRIORITIES}
          value={task.priority}
          onChange={(priority) => onChange({ priority })}
        />
        <TextField
          label="Due"
          type="date"
          value={dueOn}
          onChange={(event) => typeDay(event.target.value)}
          onBlur={() => keepDay(dueOn)}
        />
      </div>
      <div className="flex items-center justify-between">
        <span className="font-mono text-xs text-ink-2">{task.displayId}</span>
        <Button kind="bare" size="small" className="text-bad!" onClick={onRemove}>
          <Trash2 size={15} strokeWidth={1.75} aria-hidden="true" />
          Delete task
        </Button>
      </div>
    </div>
  );
}
