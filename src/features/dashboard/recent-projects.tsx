import { convexQuery } from "@convex-dev/react-query";
import { useQuery } from "@tanstack/react-query";
import { Folder } from "@/components/icons";
import { Link } from "react-router";
import { api } from "../../../convex/_generated/api";
import { Card } from "../../components/card";
import { Meter } from "../../components/meter";
import { progressShare, progressWords } from "../../lib/project-progress";

const SHOWN = 3;

/** The projects that the person last worked on. */
export function RecentProjects() {
  const { data: projects } = useQuery(
    convexQuery(api.projects.projects.listRecentProjects, { limit: SHOWN }),
  );
  return (
    <Card title="Projects" Icon={Folder}>
      {projects !== undefined && projects.length > 0 && (
        <ul className="grid animate-appear grid-cols-3 gap-3 max-wide:grid-cols-1">
          {projects.map(({ _id, displayId, name, counts }) => (
            <li key={_id}>
              <Link
                to={`/projects/${displayId}`}
                className="flex flex-col gap-1.5 rounded-xl border border-line p-3.5 transition-[border-color] duration-150 hover:border-ink-3"
              >
                <span className="truncate font-[550]">{name}</span>
                <span className="text-[13px] text-ink-2">{progressWords(counts)}</span>
                <Meter share={progressShare(counts)} />
              </Link>
            </li>
          ))}
        </ul>
      )}
      {projects?.length === 0 && (
        <p className="animate-appear text-sm text-ink-2">
          No projects yet.{" "}
          <Link to="/projects" className="text-accent-text underline underline-offset-4">
            Start one
          </Link>{" "}
          or{" "}
          <Link to="/projects/draft" className="text-accent-text underline underline-offset-4">
            have one drafted
          </Link>
          .
        </p>
      )}
    </Card>
  );
}
