import { ProjectList } from "../../features/projects/project-list";
import { InFrame } from "../frame/slots";

/** `/projects`: where work is kept. */
export default function ProjectsPage() {
  return (
    <main className="h-full overflow-y-auto">
      <title>Projects · Parley</title>
      <InFrame slot="title">
        <h1 className="truncate font-[550]">Projects</h1>
      </InFrame>
      <ProjectList />
    </main>
  );
}
