import { usePaginatedQuery } from "convex/react";
import { MessageSquare, Plus } from "@/components/icons";
import { api } from "../../../convex/_generated/api";
import { Button, ButtonLink } from "../../components/button";
import { Card } from "../../components/card";
import { ChatLines } from "../../components/chat-lines";
import type { Project } from "./words";

const PAGE_SIZE = 8;

/** The chats that belong to a project, live, the one last used first. */
export function ProjectChats({ project }: { readonly project: Project }) {
  const { results, status, loadMore } = usePaginatedQuery(
    api.chat.sessions.listSessionsOfProject,
    { projectId: project._id },
    { initialNumItems: PAGE_SIZE },
  );
  const isLoading = status === "LoadingFirstPage";
  return (
    <Card title="Chats" Icon={MessageSquare}>
      <ButtonLink to={`/chat?project=${project.displayId}`} size="small" className="self-start">
        <Plus size={15} strokeWidth={2} aria-hidden="true" />
        New chat
      </ButtonLink>
      {results.length > 0 && <ChatLines label="Chats" chats={results} />}
      {!isLoading && results.length === 0 && (
        <p className="text-sm text-ink-2">
          Chats of this project are told of its tasks and web pages. Begin one here, or move one
          into it.
        </p>
      )}
      {(status === "CanLoadMore" || status === "LoadingMore") && (
        <Button
          kind="bare"
          size="small"
          className="self-start"
          aria-disabled={status === "LoadingMore"}
          onClick={() => loadMore(PAGE_SIZE)}
        >
          Show more
        </Button>
      )}
    </Card>
  );
}
