import { convexQuery } from "@convex-dev/react-query";
import { useQuery } from "@tanstack/react-query";
import { clsx } from "clsx";
import { useMutation } from "convex/react";
import { Check, Folder, FolderX, type LucideIcon } from "@/components/icons";
import { useState } from "react";
import { api } from "../../../convex/_generated/api";
import type { Id } from "../../../convex/_generated/dataModel";
import { Dialog } from "../../components/dialog";
import { TextField } from "../../components/field";
import { Notice } from "../../components/notice";
import { announce } from "../../lib/announce";
import { errorSentence } from "../../lib/error-sentence";
import { typesOnKeyboard } from "../../lib/pointer";

/** With more projects than this the list has a field to find one. */
const SEARCH_FROM = 8;

/** Chooses the project that a chat belongs to, or none. */
export default function MoveChatDialog({
  chat: { _id: sessionId, title, projectId },
  onClose,
}: {
  readonly chat: {
    readonly _id: Id<"chatSessions">;
    readonly title: string;
    readonly projectId: Id<"projects"> | null;
  };
  readonly onClose: () => void;
}) {
  const moveToProject = useMutation(api.chat.organise.moveToProject);
  const { data: projects } = useQuery(
    convexQuery(api.projects.projects.listProjects, { archived: false }),
  );
  const [search, setSearch] = useState("");
  const [failure, setFailure] = useState<string | null>(null);
  const found = projects?.filter(({ name }) => name.toLowerCase().includes(search.toLowerCase()));
  const isSearchable = projects !== undefined && projects.length >= SEARCH_FROM;

  async function move(target: Id<"projects"> | null, done: string) {
    setFailure(null);
    try {
      await moveToProject({ sessionId, projectId: target });
      announce(done);
      onClose();
    } catch (error) {
      setFailure(errorSentence(error));
    }
  }

  return (
    <Dialog title="Move to project" open onClose={onClose}>
      <p className="text-ink-2">
        “{title}” then takes the project’s tasks and pages as its context. You can turn that off in
        the chat.
      </p>
      {failure !== null && (
        <Notice announced className="mt-3">
          {failure}
        </Notice>
      )}
      {isSearchable && (
        <div className="pt-4">
          <TextField
            label="Find a project"
            hideLabel
            type="search"
            autoFocus={typesOnKeyboard()}
            placeholder="Find a project…"
            value={search}
            onChange={(event) => setSearch(event.target.value)}
          />
        </div>
      )}
      {projects?.length === 0 && (
        <p className="pt-4">You have no projects yet. Start one on the page Projects.</p>
      )}
      {found?.length === 0 && search !== "" && <p className="pt-4">No project has this name.</p>}
      <ul aria-label="Projects" className="-mx-2.5 pt-3">
        {projectId !== null && (
          <Choice
            Icon={FolderX}
            name="No project"
            isPresent={false}
            isFirst={!isSearchable}
            onChoose={() => void move(null, "The chat belongs to no project now.")}
          />
        )}
        {found?.map(({ _id, name }, at) => (
          <Choice
            key={_id}
            Icon={Folder}
            name={name}
            isPresent={_id === projectId}
            isFirst={!isSearchable && projectId === null && at === 0}
            onChoose={() => void move(_id, `The chat belongs to ${name} now.`)}
          />
        ))}
      </ul>
    </Dialog>
  );
}

function Choice({
  Icon,
  name,
  isPresent,
  isFirst,
  onChoose,
}: {
  readonly Icon: LucideIcon;
  readonly name: string;
  /** The chat is there already. */
  readonly isPresent: boolean;
  /** It gets the focus when it comes, which may be after the dialog. */
  readonly isFirst: boolean;
  readonly onChoose: () => void;
}) {
  return (
    <li>
      <button
        type="button"
        autoFocus={isFirst}
        aria-current={isPresent ? "true" : undefined}
        onClick={onChoose}
        className={clsx(
          "flex min-h-11 w-full items-center gap-2.5 rounded-lg px-2.5 py-2 text-left hover:bg-shade",
          isPresent && "text-accent-text",
        )}
      >
        <Icon size={16} strokeWidth={1.75} aria-hidden="true" className="flex-none" />
        <span className="min-w-0 flex-1 wrap-anywhere">{name}</span>
        {isPresent && <Check size={16} strokeWidth={1.75} aria-hidden="true" />}
      </button>
    </li>
  );
}
