import { convexQuery } from "@convex-dev/react-query";
import { useQuery } from "@tanstack/react-query";
import { Folder } from "@/components/icons";
import { Link } from "react-router";
import { api } from "../../../convex/_generated/api";
import type { Id } from "../../../convex/_generated/dataModel";

/** The project that a chat belongs to, beside its title; where that has no room, its sign alone. */
export function ChatProject({ projectId }: { readonly projectId: Id<"projects"> | null }) {
  const { data: project } = useQuery(
    convexQuery(api.projects.projects.projectOfChat, projectId === null ? "skip" : { projectId }),
  );
  if (!project) return null;
  return (
    <Link
      to={`/projects/${project.displayId}`}
      title={project.name}
      className="touch-target flex max-w-44 min-w-0 flex-none items-center gap-1.5 rounded-full bg-panel px-2.5 py-1 text-[13px] text-ink-2 hover:text-ink max-[560px]:px-2 max-[560px]:py-2"
    >
      <Folder size={14} strokeWidth={1.75} aria-hidden="true" className="flex-none" />
      <span className="sr-only">In project</span>
      <span className="truncate max-[560px]:sr-only">{project.name}</span>
    </Link>
  );
}
