import { convexQuery } from "@convex-dev/react-query";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "react-router";
import { api } from "../../../convex/_generated/api";
import { PageTitle } from "../../components/page-title";
import { PageList } from "../../features/projects/page-list";
import { ProjectChats } from "../../features/projects/project-chats";
import { ProjectHead } from "../../features/projects/project-head";
import { TaskList } from "../../features/projects/task-list";
import { InFrame } from "../frame/slots";
import { NotFoundPage } from "./not-found-page";

/** `/projects/PR-000001`: one project, its tasks, its chats and its pages. */
export default function ProjectPage() {
  const displayId = useParams().displayId ?? "";
  const navigate = useNavigate();
  const { data: project } = useQuery(convexQuery(api.projects.projects.getProject, { displayId }));
  if (project === undefined) return <main className="h-full" aria-busy="true" />;
  if (project === null) return <NotFoundPage to="/projects" way="All projects" />;
  return (
    <main className="h-full overflow-y-auto">
      <PageTitle>{project.name}</PageTitle>
      <InFrame slot="title">
        <h1 className="flex min-w-0 items-center gap-2 font-[550]">
          <Link to="/projects" className="text-ink-2 hover:text-ink max-wide:hidden">
            Projects
          </Link>
          <span aria-hidden="true" className="text-ink-3 max-wide:hidden">
            /
          </span>
          <span className="truncate">{project.name}</span>
          <span className="flex-none rounded-md max-wide:hidden bg-panel px-1.5 py-1 font-mono text-xs leading-none text-ink-2">
            {project.displayId}
          </span>
        </h1>
      </InFrame>
      <div className="mx-auto flex max-w-[1040px] flex-col gap-6 px-7 py-8 max-wide:px-4 max-wide:py-5">
        <ProjectHead
          project={project}
          onChat={() => void navigate(`/chat?project=${project.displayId}`)}
        />
        <TaskList key={project._id} project={project} />
        <ProjectChats key={`chats of ${project._id}`} project={project} />
        <PageList
          key={`pages of ${project._id}`}
          projectId={project._id}
          onDraft={(pageId) => void navigate(`/projects/draft?page=${pageId}`)}
        />
      </div>
    </main>
  );
}
