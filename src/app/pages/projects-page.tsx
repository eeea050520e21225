import { PageTitle } from "../../components/page-title";
import { ProjectList } from "../../features/projects/project-list";
import { InFrame } from "../frame/slots";

/** `/projects`: where work is kept. */
export default function ProjectsPage() {
  return (
    <main className="h-full overflow-y-auto">
      <PageTitle>Projects</PageTitle>
      <InFrame slot="title">
        <h1 className="truncate font-[550]">Projects</h1>
      </InFrame>
      <ProjectList />
    </main>
  );
}
