import { Link, useNavigate, useSearchParams } from "react-router";
import { PageTitle } from "../../components/page-title";
import type { Id } from "../../../convex/_generated/dataModel";
import { DraftPanel } from "../../features/projects/draft-panel";
import { InFrame } from "../frame/slots";

const PATH = "/projects/draft";

/** `/projects/draft`: have a project drafted, from the page `?page=` if it names one. */
export default function DraftPage() {
  const navigate = useNavigate();
  const [search] = useSearchParams();
  return (
    <main className="h-full overflow-y-auto">
      <PageTitle>Draft a project</PageTitle>
      <InFrame slot="title">
        <h1 className="flex min-w-0 items-center gap-2 font-[550]">
          <Link to="/projects" className="text-ink-2 hover:text-ink max-wide:hidden">
            Projects
          </Link>
          <span aria-hidden="true" className="text-ink-3 max-wide:hidden">
            /
          </span>
          <span className="truncate">Draft with AI</span>
        </h1>
      </InFrame>
      <div className="mx-auto max-w-[760px] px-7 py-9 max-wide:px-4 max-wide:py-5">
        <DraftPanel
          source={search.get("page") as Id<"projectPages"> | null}
          onAccepted={(displayId) => {
            // Who has gone elsewhere meanwhile is not pulled back.
            if (window.location.pathname === PATH) void navigate(`/projects/${displayId}`);
          }}
        />
      </div>
    </main>
  );
}
