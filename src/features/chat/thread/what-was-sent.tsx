import { FileSearch } from "@/components/icons";
import { lazy, Suspense, useState } from "react";
import type { Id } from "../../../../convex/_generated/dataModel";
import { IconButton } from "../../../components/icon-button";

const SentDialog = lazy(async () => ({ default: (await import("./sent-dialog")).SentDialog }));

/** Shows, on demand, what the model was sent for an answer. */
export function WhatWasSent({ messageId }: { readonly messageId: Id<"chatMessages"> }) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <IconButton label="What was sent" Icon={FileSearch} onPress={() => setIsOpen(true)} />
      {isOpen && (
        <Suspense>
          <SentDialog messageId={messageId} onClose={() => setIsOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
