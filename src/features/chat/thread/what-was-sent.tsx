import { FileSearch } from "@/components/icons";
import { useState } from "react";
import type { Id } from "../../../../convex/_generated/dataModel";
import { IconButton } from "../../../components/icon-button";
import { onDemand } from "../../../components/on-demand";

const SentDialog = onDemand(async () => ({ default: (await import("./sent-dialog")).SentDialog }));

/** Shows, on demand, what the model was sent for an answer. */
export function WhatWasSent({ messageId }: { readonly messageId: Id<"chatMessages"> }) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <IconButton label="What was sent" Icon={FileSearch} onPress={() => setIsOpen(true)} />
      {isOpen && <SentDialog messageId={messageId} onClose={() => setIsOpen(false)} />}
    </>
  );
}
