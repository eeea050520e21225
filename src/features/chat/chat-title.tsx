import { Share2 } from "@/components/icons";
import { Button } from "../../components/button";
import { PageTitle } from "../../components/page-title";
import { useSession } from "./use-session";

/** The open chat's title and its id, for the navigation bar, and the way to share it. */
export function ChatTitle({
  displayId,
  onShare,
}: {
  readonly displayId: string | null;
  /** Absent while there is nothing to share. */
  readonly onShare: (() => void) | null;
}) {
  const session = useSession(displayId);
  const title = session.kind === "found" ? session.title : null;
  return (
    <>
      {session.kind !== "absent" && <PageTitle>{title ?? "New chat"}</PageTitle>}
      {title !== null && (
        <>
          <h1 className="truncate font-[550]">{title}</h1>
          <span className="flex-none rounded-md bg-panel px-1.5 py-1 font-mono text-xs leading-none text-ink-2 max-wide:hidden">
            {displayId}
          </span>
        </>
      )}
      {onShare !== null && (
        <Button
          kind="bare"
          size="icon"
          className="ml-auto flex-none"
          aria-label="Share chat"
          title="Share chat"
          onClick={onShare}
        >
          <Share2 size={17} strokeWidth={1.75} aria-hidden="true" />
        </Button>
      )}
    </>
  );
}
