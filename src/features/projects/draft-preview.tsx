import { useMutation } from "convex/react";
import type { FunctionReturnType } from "convex/server";
import { Check, Plus, Trash2 } from "@/components/icons";
import { useMemo, useState } from "react";
import { api } from "../../../convex/_generated/api";
import { DRAFT_MAX_TASKS, isUnwritten } from "../../../convex/projects/draftText";
import {
  DESCRIPTION_MAX_CHARACTERS,
  NAME_MAX_CHARACTERS,
  TITLE_MAX_CHARACTERS,
} from "../../../convex/projects/limits";
import { isBlank } from "../../../convex/lib/characters";
import { Button } from "../../components/button";
import { Dialog } from "../../components/dialog";
import { Select, TextArea, TextField } from "../../components/field";
import { Notice } from "../../components/notice";
import { dayWords } from "../../lib/due-date";
import { errorSentence } from "../../lib/error-sentence";
import { randomToken } from "../../lib/random-token";
import { useNow } from "../../lib/use-now";
import {
  editable,
  type EditedDraft,
  type EditedTask,
  storedEdits,
  storeEdits,
} from "./draft-edits";
import { settled } from "./use-tasks";
import { PRIORITIES } from "./words";

type Draft = NonNullable<FunctionReturnType<typeof api.projects.drafts.openDraft>>;

/** A draft while it is written, and then as a form whose every word can be changed. */
export function DraftPreview({
  draft,
  onAccepted,
}: {
  readonly draft: Draft;
  readonly onAccepted: (displayId: string) => void;
}) {
  const isWriting = draft.status === "writing";
  // Here, because the button moves when the draft is ready, and the question must not go with it.
  const [isAsking, setIsAsking] = useState(false);
  const discardButton = <Button onClick={() => setIsAsking(true)}>Discard draft</Button>;
  return (
    <section aria-label="Draft" aria-busy={isWriting} className="flex flex-col gap-5">
      <div>
        <p className="text-sm font-[550] text-ink-2">
          {isWriting ? writingWords(draft.attempt) : "Draft: change what you like, then accept it"}
        </p>
        <p className="mt-1 line-clamp-2 text-sm text-ink-2">“{draft.goal}”</p>
      </div>
      {isWriting ? (
        <Growing draft={draft} actions={discardButton} />
      ) : (
        <Editor draft={draft} discardButton={discardButton} onAccepted={onAccepted} />
      )}
      <p role="status" className="sr-only">
        {isWriting ? "The draft is being written." : "The draft is ready."}
      </p>
      <DiscardDialog draft={draft} open={isAsking} onClose={() => setIsAsking(false)} />
    </section>
  );
}

/** Asks first: a draft that is begun has cost credits, and what was discarded does not come back. */
function DiscardDialog({
  draft,
  open,
  onClose,
}: {
  readonly draft: Draft;
  readonly open: boolean;
  readonly onClose: () => void;
}) {
  const { _id: draftId, creditsUsed } = draft;
  const discardDraft = useMutation(api.projects.drafts.discardDraft);

  async function discard() {
    onClose();
    if (await settled(discardDraft({ draftId }))) storeEdits(draftId, null);
  }

  return (
    <Dialog
      title="Discard this draft?"
      open={open}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Keep draft</Button>
          <Button className="text-bad!" onClick={() => void discard()}>
            Discard
          </Button>
        </>
      }
    >
      <p className="text-ink-2">
        It is gone then, with everything you changed in it.
        {creditsUsed > 0 &&
          (isUnwritten(draft)
            ? ` As long as none of it is written, its ${creditsUsed} credits come back.`
            : ` The ${creditsUsed} credits that it cost stay spent.`)}
      </p>
    </Dialog>
  );
}

function writingWords(attempt: number): string {
  return attempt === 1 ? "The model is writing…" : "The model is putting its draft right…";
}

function Growing({ draft, actions }: { readonly draft: Draft; readonly actions: React.ReactNode }) {
  const now = useNow();
  const { name, description, tasks } = useMemo(() => editable(draft.text, now), [draft.text, now]);
  const newest = tasks.at(-1);
  return (
    <>
      <div className="rounded-card border border-line bg-raised p-5">
        <h2 className="min-h-9 font-display text-[28px] leading-tight tracking-[-0.01em]">
          {name}
          {description === "" && newest === undefined && <Caret />}
        </h2>
        <p className="mt-1.5 min-h-6 text-base text-ink-2">
          {description}
          {description !== "" && newest === undefined && <Caret />}
        </p>
        <ol className="mt-4">
          {tasks.map(({ key, title, notes, priority, dueOn }) => (
            <li key={key} className="flex animate-appear gap-3 border-t border-line py-2.5">
              <span className="mt-1 size-[18px] flex-none rounded-[5px] border-[1.5px] border-ink-3" />
              <span className="min-w-0 flex-1">
                <span className="block">
                  {title}
                  {key === newest?.key && notes === "" && <Caret />}
                </span>
                {notes !== "" && (
                  <span className="block text-sm text-ink-2">
                    {notes}
                    {key === newest?.key && <Caret />}
                  </span>
                )}
              </span>
              <span className="flex-none text-[13px] text-ink-2">
                {priority === "high" && <span className="mr-2 text-warn">High</span>}
                {dueOn !== null && dayWords(dueOn, now)}
              </span>
            </li>
          ))}
        </ol>
      </div>
      <div className="flex justify-end gap-2">{actions}</div>
    </>
  );
}

/** Where the draft grows. */
function Caret() {
  return (
    <span
      aria-hidden="true"
      className="ml-1 inline-block h-[0.9em] w-[7px] rounded-xs bg-accent align-[-2px]"
    />
  );
}

function Editor({
  draft,
  discardButton,
  onAccepted,
}: {
  readonly draft: Draft;
  readonly discardButton: React.ReactNode;
  readonly onAccepted: (displayId: string) => void;
}) {
  const acceptDraft = useMutation(api.projects.drafts.acceptDraft);
  const [edits, setEdits] = useState<EditedDraft>(
    () => storedEdits(draft._id) ?? editable(draft.text, new Date()),
  );
  const [failure, setFailure] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);

  function edit(change: Partial<EditedDraft>) {
    const next = { ...edits, ...change };
    setEdits(next);
    storeEdits(draft._id, next);
  }

  function editTask(key: string, change: Partial<EditedTask>) {
    edit({ tasks: edits.tasks.map((task) => (task.key === key ? { ...task, ...change } : task)) });
  }

  async function accept() {
    setIsBusy(true);
    setFailure(null);
    const { name, description } = edits;
    const tasks = edits.tasks
      .filter(({ title }) => !isBlank(title))
      .map(({ key: _key, ...task }) => task);
    try {
      const { displayId } = await acceptDraft({ draftId: draft._id, name, description, tasks });
      storeEdits(draft._id, null);
      onAccepted(displayId);
    } catch (error) {
      setFailure(errorSentence(error));
      setIsBusy(false);
    }
  }

  return (
    <>
      <div className="flex flex-col gap-4 rounded-card border border-line bg-raised p-5">
        <TextField
          label="Name"
          maxLength={NAME_MAX_CHARACTERS}
          value={edits.name}
          onChange={(event) => edit({ name: event.target.value })}
        />
        <TextArea
          label="Description"
          maxLength={DESCRIPTION_MAX_CHARACTERS}
          value={edits.description}
          onChange={(event) => edit({ description: event.target.value })}
        />
        <ol aria-label="Drafted tasks" className="flex flex-col">
          {edits.tasks.map((task, index) => (
            <DraftedTask
              key={task.key}
              task={task}
              place={index + 1}
              onChange={(change) => editTask(task.key, change)}
              onRemove={() => edit({ tasks: edits.tasks.filter(({ key }) => key !== task.key) })}
            />
          ))}
        </ol>
        {edits.tasks.length < DRAFT_MAX_TASKS && (
          <Button
            size="small"
            className="self-start"
            onClick={() => edit({ tasks: [...edits.tasks, emptyTask()] })}
          >
            <Plus size={15} strokeWidth={1.75} aria-hidden="true" />
            Add task
          </Button>
        )}
      </div>
      {failure !== null && <Notice announced>{failure}</Notice>}
      <div className="flex flex-wrap justify-end gap-2">
        {discardButton}
        <Button
          kind="primary"
          disabled={isBusy || isBlank(edits.name)}
          onClick={() => void accept()}
        >
          <Check size={16} strokeWidth={2} aria-hidden="true" />
          Accept draft
        </Button>
      </div>
    </>
  );
}

function DraftedTask({
  task,
  place,
  onChange,
  onRemove,
}: {
  readonly task: EditedTask;
  readonly place: number;
  readonly onChange: (change: Partial<EditedTask>) => void;
  readonly onRemove: () => void;
}) {
  return (
    <li className="grid grid-cols-[1fr_auto] gap-2 border-t border-line py-3">
      <TextField
        label={`Title of task ${place}`}
        hideLabel
        maxLength={TITLE_MAX_CHARACTERS}
        value={task.title}
        onChange={(event) => onChange({ title: event.target.value })}
      />
      <Button
        kind="bare"
        size="icon"
        className="self-center"
        aria-label={`Remove task ${place}`}
        onClick={onRemove}
      >
        <Trash2 size={16} strokeWidth={1.75} aria-hidden="true" />
      </Button>
      <div className="col-span-full grid grid-cols-[1fr_130px_160px] gap-2 max-wide:grid-cols-2">
        <div className="max-wide:col-span-2">
          <TextField
            label={`Notes of task ${place}`}
            hideLabel
            placeholder="Notes"
            value={task.notes}
            onChange={(event) => onChange({ notes: event.target.value })}
          />
        </div>
        <Select
          label={`Priority of task ${place}`}
          hideLabel
          options={PRIORITIES}
          value={task.priority}
          onChange={(priority) => onChange({ priority })}
        />
        <TextField
          label={`Due day of task ${place}`}
          hideLabel
          type="date"
          value={task.dueOn ?? ""}
          onChange={(event) => onChange({ dueOn: event.target.value || null })}
        />
      </div>
    </li>
  );
}

function emptyTask(): EditedTask {
  return { key: randomToken(), title: "", notes: "", priority: "normal", dueOn: null };
}
