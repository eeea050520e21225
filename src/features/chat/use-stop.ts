import { useMutation } from "convex/react";
import { useCallback, useRef, useState } from "react";
import { api } from "../../../convex/_generated/api";
import type { Id } from "../../../convex/_generated/dataModel";

type MessageId = Id<"chatMessages">;

/**
 * Stopping an answer: what is on the page at that moment is what stays, here and on the server. The
 * page tells the server how much was seen, so that a stopped answer never grows back.
 */
export function useStop() {
  const stopMessage = useMutation(api.chat.messages.stopMessage);
  const shown = useRef(new Map<MessageId, number>());
  const [frozen, setFrozen] = useState<{ readonly id: MessageId; readonly at: number } | null>(
    null,
  );

  const onShown = useCallback((id: MessageId, characters: number) => {
    shown.current.set(id, characters);
  }, []);

  const shownLength = useCallback((id: MessageId) => shown.current.get(id) ?? 0, []);

  const stop = useCallback(
    async (messageId: MessageId) => {
      const seenLength = shownLength(messageId);
      setFrozen({ id: messageId, at: seenLength });
      try {
        await stopMessage({ messageId, seenLength });
      } catch {
        // It runs on, and so does what is shown of it.
        setFrozen(null);
      }
    },
    [stopMessage, shownLength],
  );

  function frozenAt(messageId: MessageId | undefined): number | null {
    return frozen !== null && frozen.id === messageId ? frozen.at : null;
  }

  return { stop, onShown, shownLength, frozenAt };
}
