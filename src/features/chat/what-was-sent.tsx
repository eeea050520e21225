import { FileSearch } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import type { Id } from "../../../convex/_generated/dataModel";
import { Button } from "../../components/button";

const SentDialog = lazy(async () => ({ default: (await import("./sent-dialog")).SentDialog }));

/** Shows, on demand, what the model was sent for an answer. */
export function WhatWasSent({ messageId }: { readonly messageId: Id<"chatMessages"> }) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <Button
        kind="bare"
        size="icon-small"
        aria-label="What was sent"
        title="What was sent"
        onClick={() => setIsOpen(true)}
      >
        <FileSearch size={15} strokeWidth={1.75} aria-hidden="true" />
      </Button>
      {isOpen && (
        <Suspense>
          <SentDialog messageId={messageId} onClose={() => setIsOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
