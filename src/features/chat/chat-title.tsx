import { Share2 } from "@/components/icons";
import { useRef } from "react";
import { Button } from "../../components/button";
import { PageTitle } from "../../components/page-title";
import { useCommand } from "../../lib/commands";
import { RenameField } from "./sessions/rename-field";
import { useOrganise } from "./sessions/use-organise";
import { useRenaming } from "./sessions/use-renaming";
import { type OpenSession, useSession } from "./use-session";

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
      {session.kind === "found" && displayId !== null && (
        <Title key={displayId} session={session} displayId={displayId} />
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

/** It is changed in its place, as in the list, when the palette is asked for that. */
function Title({
  session,
  displayId,
}: {
  readonly session: Extract<OpenSession, { readonly kind: "found" }>;
  readonly displayId: string;
}) {
  const { rename } = useOrganise();
  const { title, isRenaming, begin, finish } = useRenaming(
    session.title,
    async (name) => await rename({ _id: session.id }, name),
  );
  const begunFrom = useRef<Element | null>(null);
  useCommand("rename-chat", () => {
    begunFrom.current = document.activeElement;
    begin();
  });

  if (isRenaming) {
    return (
      <div className="max-w-100 min-w-0 flex-1">
        <RenameField
          title={title}
          onDone={(name, byKey) => {
            const { current } = begunFrom;
            if (byKey && current instanceof HTMLElement)
              requestAnimationFrame(() => current.focus());
            void finish(name);
          }}
        />
      </div>
    );
  }
  return (
    <>
      <h1 className="truncate font-[550]">{title}</h1>
      <span className="flex-none rounded-md bg-panel px-1.5 py-1 font-mono text-xs leading-none text-ink-2 max-wide:hidden">
        {displayId}
      </span>
    </>
  );
}
