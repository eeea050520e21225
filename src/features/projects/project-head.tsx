import { useMutation } from "convex/react";
import {
  Archive,
  ArchiveRestore,
  Ellipsis,
  ExternalLink,
  MessageSquare,
  Pencil,
  Trash2,
} from "@/components/icons";
import { useState } from "react";
import { useNavigate } from "react-router";
import { api } from "../../../convex/_generated/api";
import { UNDO_MS } from "../../../convex/lib/time";
import { Button } from "../../components/button";
import { Select } from "../../components/field";
import { Menu, MenuItem } from "../../components/menu";
import { Meter } from "../../components/meter";
import { progressShare, progressWords } from "../../lib/project-progress";
import { showToast } from "../../lib/toast";
import { ProjectDialog } from "./project-dialog";
import { settled } from "./use-tasks";
import { type Project, PROJECT_STATUSES } from "./words";

/** What a project is, how far it is, and what can be done with the whole of it. */
export function ProjectHead({
  project,
  onChat,
}: {
  readonly project: Project;
  readonly onChat: () => void;
}) {
  const navigate = useNavigate();
  const updateProject = useMutation(api.projects.projects.updateProject);
  const archiveProject = useMutation(api.projects.projects.archiveProject);
  const removeProject = useMutation(api.projects.projects.removeProject);
  const restoreProject = useMutation(api.projects.projects.restoreProject);
  const [isEditing, setIsEditing] = useState(false);
  const { _id: projectId, name, archived } = project;

  async function archive() {
    if (!(await settled(archiveProject({ projectId, archived: !archived })))) return;
    if (archived) return;
    await showToast("plain", `“${name}” is archived.`, {
      duration: UNDO_MS,
      action: {
        label: "Undo",
        onClick: () => void settled(archiveProject({ projectId, archived: false })),
      },
    });
  }

  async function remove() {
    if (!(await settled(removeProject({ projectId })))) return;
    if (window.location.pathname === `/projects/${project.displayId}`) void navigate("/projects");
    await showToast("plain", `“${name}” is deleted.`, {
      duration: UNDO_MS,
      action: { label: "Undo", onClick: () => void settled(restoreProject({ projectId })) },
    });
  }

  return (
    <header>
      <div className="flex flex-wrap items-start gap-x-4 gap-y-3">
        <div className="min-w-0 flex-1 basis-72">
          <h2 className="font-display text-[32px] leading-tight tracking-[-0.015em] wrap-anywhere">
            {name}
          </h2>
          {project.description !== "" && (
            <p className="mt-1.5 max-w-[68ch] text-base whitespace-pre-line text-ink-2">
              {project.description}
            </p>
          )}
        </div>
        <div className="flex items-center gap-2">
          <Select
            label="Project status"
            hideLabel
            small
            options={PROJECT_STATUSES}
            value={project.status}
            onChange={(status) => void settled(updateProject({ projectId, status }))}
            className="w-32"
          />
          <Button onClick={onChat}>
            <MessageSquare size={16} strokeWidth={1.75} aria-hidden="true" />
            Chat
          </Button>
          <Menu
            trigger={
              <Button size="icon" className="size-10!" aria-label={`Options for ${name}`}>
                <Ellipsis size={17} strokeWidth={1.75} aria-hidden="true" />
              </Button>
            }
          >
            <MenuItem Icon={Pencil} onSelect={() => setIsEditing(true)}>
              Edit
            </MenuItem>
            <MenuItem Icon={archived ? ArchiveRestore : Archive} onSelect={() => void archive()}>
              {archived ? "Take out of the archive" : "Archive"}
            </MenuItem>
            <MenuItem Icon={Trash2} tone="bad" onSelect={() => void remove()}>
              Delete
            </MenuItem>
          </Menu>
        </div>
      </div>
      {project.links.length > 0 && (
        <ul aria-label="Links" className="mt-3 flex flex-wrap gap-x-4 gap-y-1.5">
          {project.links.map(({ label, url }) => (
            <li key={`${label} ${url}`}>
              <a
                href={url}
                target="_blank"
                rel="noreferrer noopener"
                className="touch-target inline-flex items-center gap-1.5 text-sm text-accent-text underline-offset-4 hover:underline"
              >
                <ExternalLink size={14} strokeWidth={1.75} aria-hidden="true" />
                {label}
              </a>
            </li>
          ))}
        </ul>
      )}
      <div className="mt-4 flex items-center gap-3 text-[13px] text-ink-2">
        <span className="w-56 max-w-[40%]">
          <Meter share={progressShare(project.counts)} />
        </span>
        {progressWords(project.counts)}
        {archived && <span>· Archived</span>}
      </div>
      <ProjectDialog open={isEditing} onClose={() => setIsEditing(false)} project={project} />
    </header>
  );
}
