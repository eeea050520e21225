import { useMutation } from "convex/react";
import { Plus, X } from "@/components/icons";
import { type FormEvent, useId, useState } from "react";
import { api } from "../../../convex/_generated/api";
import {
  DESCRIPTION_MAX_CHARACTERS,
  LINKS_MAX,
  NAME_MAX_CHARACTERS,
} from "../../../convex/projects/limits";
import { Button } from "../../components/button";
import { Dialog } from "../../components/dialog";
import { TextArea, TextField } from "../../components/field";
import { Notice } from "../../components/notice";
import { errorSentence } from "../../lib/error-sentence";
import { showToast } from "../../lib/toast";
import { useIsThere } from "../../lib/use-is-there";
import type { Project } from "./words";

/** Makes a project, or edits one: its name, description and links. */
export function ProjectDialog({
  open,
  onClose,
  project,
  onCreated,
}: {
  readonly open: boolean;
  readonly onClose: () => void;
  /** The project to edit; without it a new one is made. */
  readonly project?: Project;
  readonly onCreated?: (displayId: string) => void;
}) {
  const formId = useId();
  return (
    <Dialog
      title={project === undefined ? "New project" : "Edit project"}
      open={open}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" kind="primary" form={formId}>
            {project === undefined ? "Create project" : "Save"}
          </Button>
        </>
      }
    >
      <ProjectForm
        id={formId}
        {...(project === undefined ? {} : { project })}
        onDone={(displayId) => {
          onClose();
          if (displayId !== null) onCreated?.(displayId);
        }}
      />
    </Dialog>
  );
}

function ProjectForm({
  id,
  project,
  onDone,
}: {
  readonly id: string;
  readonly project?: Project;
  readonly onDone: (createdDisplayId: string | null) => void;
}) {
  const createProject = useMutation(api.projects.projects.createProject);
  const updateProject = useMutation(api.projects.projects.updateProject);
  const [name, setName] = useState(project?.name ?? "");
  const [description, setDescription] = useState(project?.description ?? "");
  const [links, setLinks] = useState(project?.links ?? []);
  const [failure, setFailure] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const isThere = useIsThere();

  async function save(event: FormEvent) {
    event.preventDefault();
    if (isBusy) return;
    setIsBusy(true);
    const fields = { name, description, links: links.filter(({ url }) => url.trim() !== "") };
    try {
      let created: string | null = null;
      if (project === undefined) created = (await createProject(fields)).displayId;
      else await updateProject({ projectId: project._id, ...fields });
      if (isThere()) onDone(created);
    } catch (error) {
      if (!isThere()) return void showToast("error", errorSentence(error));
      setFailure(errorSentence(error));
      setIsBusy(false);
    }
  }

  function setLink(index: number, change: Partial<Project["links"][number]>) {
    setLinks(links.map((link, at) => (at === index ? { ...link, ...change } : link)));
  }

  return (
    <form id={id} onSubmit={(event) => void save(event)} className="flex flex-col gap-4">
      <TextField
        label="Name"
        required
        maxLength={NAME_MAX_CHARACTERS}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <TextArea
        label="Description"
        maxLength={DESCRIPTION_MAX_CHARACTERS}
        value={description}
        onChange={(event) => setDescription(event.target.value)}
      />
      <fieldset className="flex flex-col gap-2">
        <legend className="pb-1.5 text-sm font-[550]">Links</legend>
        {links.map((link, index) => (
          // oxlint-disable-next-line react/no-array-index-key -- a link has nothing else to be known by
          <div key={index} className="grid grid-cols-[2fr_3fr_auto] items-center gap-2">
            <TextField
              label={`Name of link ${index + 1}`}
              hideLabel
              placeholder="Name"
              value={link.label}
              onChange={(event) => setLink(index, { label: event.target.value })}
            />
            <TextField
              label={`Address of link ${index + 1}`}
              hideLabel
              placeholder="https://…"
              inputMode="url"
              value={link.url}
              onChange={(event) => setLink(index, { url: event.target.value })}
            />
            <Button
              kind="bare"
              size="icon"
              aria-label={`Remove link ${index + 1}`}
              onClick={() => setLinks(links.toSpliced(index, 1))}
            >
              <X size={16} strokeWidth={1.75} aria-hidden="true" />
            </Button>
          </div>
        ))}
        {links.length < LINKS_MAX && (
          <Button
            size="small"
            className="self-start"
            onClick={() => setLinks([...links, { label: "", url: "" }])}
          >
            <Plus size={15} strokeWidth={1.75} aria-hidden="true" />
            Add link
          </Button>
        )}
      </fieldset>
      {failure !== null && <Notice announced>{failure}</Notice>}
    </form>
  );
}
