import { useQuery } from "@tanstack/react-query";
import { convexQuery } from "@convex-dev/react-query";
import { Plus, Search, Sparkles } from "@/components/icons";
import { type ReactNode, useState } from "react";
import { useNavigate } from "react-router";
import { api } from "../../../convex/_generated/api";
import { Button } from "../../components/button";
import { Select, TextField } from "../../components/field";
import { ProjectCard } from "./project-card";
import { ProjectDialog } from "./project-dialog";
import { type Project, PROJECT_STATUSES } from "./words";

const FILTERS = [
  { value: "all", label: "All projects" },
  ...PROJECT_STATUSES,
  { value: "archived", label: "Archived" },
] as const;
type Filter = (typeof FILTERS)[number]["value"];

/** All of the person's projects, found as one types. */
export function ProjectList() {
  const navigate = useNavigate();
  const [filter, setFilter] = useState<Filter>("all");
  const [search, setSearch] = useState("");
  const [isNew, setIsNew] = useState(false);
  const { data: projects } = useQuery(
    convexQuery(api.projects.projects.listProjects, { archived: filter === "archived" }),
  );
  const found = projects?.filter((project) => matches(project, filter, search));

  return (
    <div className="mx-auto max-w-[1040px] px-7 py-8 max-wide:px-4 max-wide:py-5">
      <div className="flex flex-wrap items-center gap-2.5">
        <div className="flex min-w-0 flex-1 basis-72 gap-2.5">
          <div className="relative min-w-0 flex-1">
            <Search
              size={17}
              strokeWidth={1.75}
              aria-hidden="true"
              className="absolute top-1/2 left-3 z-10 -translate-y-1/2 text-ink-2"
            />
            <TextField
              label="Search projects"
              hideLabel
              type="search"
              placeholder="Search…"
              value={search}
              onChange={(event) => setSearch(event.target.value)}
              className="h-10! pl-9! pointer-coarse:h-11! max-wide:h-11!"
            />
          </div>
          <Select
            label="Show"
            hideLabel
            small
            options={FILTERS}
            value={filter}
            onChange={setFilter}
            className="w-40 max-[480px]:w-36"
          />
        </div>
        <div className="flex gap-2.5 max-wide:grow">
          <Button
            className="px-3! whitespace-nowrap max-wide:grow"
            onClick={() => void navigate("/projects/draft")}
          >
            <Sparkles size={16} strokeWidth={1.75} aria-hidden="true" />
            Draft with AI
          </Button>
          <Button
            kind="primary"
            className="px-3! whitespace-nowrap max-wide:grow"
            onClick={() => setIsNew(true)}
          >
            <Plus size={17} strokeWidth={1.75} aria-hidden="true" />
            New project
          </Button>
        </div>
      </div>
      {found !== undefined && found.length > 0 && (
        <ul className="mt-6 grid grid-cols-[repeat(auto-fill,minmax(min(100%,280px),1fr))] gap-4">
          {found.map((project) => (
            <li key={project._id}>
              <ProjectCard project={project} />
            </li>
          ))}
        </ul>
      )}
      {found?.length === 0 && (
        <Nothing>
          {projects?.length === 0 && filter !== "archived" && search === ""
            ? "A project keeps tasks, links and web pages together, and a chat can draw on it. Start one, or describe a goal and let the model draft it."
            : "No project fits. Try another word or another filter."}
        </Nothing>
      )}
      <ProjectDialog
        open={isNew}
        onClose={() => setIsNew(false)}
        onCreated={(displayId) => void navigate(`/projects/${displayId}`)}
      />
    </div>
  );
}

function Nothing({ children }: { readonly children: ReactNode }) {
  return (
    <div className="mt-6 animate-appear rounded-card border border-dashed border-line px-6 py-12">
      <p className="mx-auto max-w-[56ch] text-center text-balance text-ink-2">{children}</p>
    </div>
  );
}

function matches(project: Project, filter: Filter, search: string): boolean {
  if (filter !== "all" && filter !== "archived" && project.status !== filter) return false;
  const text = `${project.name} ${project.description} ${project.displayId}`.toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
