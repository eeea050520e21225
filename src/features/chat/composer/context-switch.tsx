import { clsx } from "clsx";
import { useQuery } from "convex/react";
import { Folder } from "@/components/icons";
import { useState } from "react";
import { api } from "../../../../convex/_generated/api";
import type { Id } from "../../../../convex/_generated/dataModel";
import { onDemand } from "../../../components/on-demand";
import { Switch } from "../../../components/switch";

const ContextDialog = onDemand(async () => ({
  default: (await import("../thread/sent-dialog")).ContextDialog,
}));

/** Whether the model is told of the person's work; when it is, how much that is, and what. */
export function ContextSwitch({
  projectId,
  isIncluded,
  onChange,
}: {
  readonly projectId: Id<"projects"> | null;
  readonly isIncluded: boolean;
  readonly onChange: (isIncluded: boolean) => void;
}) {
  return (
    <span
      className={clsx(
        "flex min-h-8 items-center gap-2 rounded-[9px] px-2.5 text-[13.5px] transition-colors duration-150",
        isIncluded ? "bg-accent-soft text-accent-text" : "text-ink-2",
      )}
    >
      <Switch
        name="Include my projects and tasks"
        label={
          <span className="flex items-center gap-1.5">
            <Folder size={15} strokeWidth={1.75} aria-hidden="true" />
            <span className="max-wide:hidden">Projects and tasks</span>
          </span>
        }
        checked={isIncluded}
        onChange={onChange}
      />
      {isIncluded && <WhatIsTold projectId={projectId} />}
    </span>
  );
}

function WhatIsTold({ projectId }: { readonly projectId: Id<"projects"> | null }) {
  const context = useQuery(
    api.chat.requests.previewContext,
    projectId === null ? {} : { projectId },
  );
  const [isOpen, setIsOpen] = useState(false);
  if (context === undefined) return null;
  const tokens = context.items.reduce((sum, item) => sum + item.tokens, 0);
  return (
    <>
      <button
        type="button"
        aria-label="See what is sent of my projects and tasks"
        onClick={() => setIsOpen(true)}
        className="touch-target rounded-sm text-[12.5px] tabular-nums underline decoration-1 underline-offset-3"
      >
        {tokens === 0 ? "nothing yet" : `≈ ${tokens.toLocaleString("en")}`}
        {tokens > 0 && <span className="max-[359px]:sr-only"> tokens</span>}
      </button>
      {isOpen && <ContextDialog context={context} onClose={() => setIsOpen(false)} />}
    </>
  );
}
