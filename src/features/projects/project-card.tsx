import { clsx } from "clsx";
import { Link } from "react-router";
import { Meter } from "../../components/meter";
import { progressShare, progressWords } from "../../lib/project-progress";
import { type Project, PROJECT_STATUSES } from "./words";

const LOOK = {
  active: "bg-accent-soft text-accent-text",
  paused: "bg-warn-soft text-warn",
  done: "bg-good-soft text-good",
} as const;

/** A project at a glance; all of it leads to the project. */
export function ProjectCard({ project }: { readonly project: Project }) {
  return (
    <Link
      to={`/projects/${project.displayId}`}
      className="flex h-full flex-col gap-1.5 rounded-card border border-line bg-raised p-[18px] transition-[border-color] duration-150 hover:border-ink-3"
    >
      <span className="flex items-center gap-2">
        <span className="min-w-0 flex-1 truncate font-[550]">{project.name}</span>
        <StatusMark status={project.status} />
      </span>
      <span className="line-clamp-2 min-h-10 text-[13.5px] leading-5 text-ink-2">
        {project.description}
      </span>
      <span className="mt-auto flex justify-between gap-2 pt-1 text-[13px] text-ink-2">
        <span>{progressWords(project.counts)}</span>
        <span className="font-mono text-xs">{project.displayId}</span>
      </span>
      <Meter share={progressShare(project.counts)} />
    </Link>
  );
}

/** The word for a project's status; the colour only repeats it. */
function StatusMark({ status }: Pick<Project, "status">) {
  const label = PROJECT_STATUSES.find(({ value }) => value === status)?.label;
  return (
    <span className={clsx("flex-none rounded-full px-2 py-0.5 text-xs font-[550]", LOOK[status])}>
      {label}
    </span>
  );
}
