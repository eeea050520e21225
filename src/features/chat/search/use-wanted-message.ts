import { useMutation } from "convex/react";
import { useEffect, useState } from "react";
import { api } from "../../../../convex/_generated/api";
import { errorSentence } from "../../../lib/error-sentence";
import { showToast } from "../../../lib/toast";

/** A message that a person came for. A new object for each visit, so that a second one leads there too. */
export interface WantedMessage {
  readonly messageId: string;
  /** Names the visit. */
  readonly visit: string;
}

/**
 * The wanted message once the chat shows it: the version that was found may not be the one that was
 * shown last. `null` until then, and for a message that is not there.
 */
export function useWantedMessage(wanted: WantedMessage | null): WantedMessage | null {
  const revealMessage = useMutation(api.chat.search.revealMessage);
  const [revealed, setRevealed] = useState<WantedMessage | null>(null);
  useEffect(() => {
    if (wanted === null) return;
    let isCurrent = true;
    revealMessage({ messageId: wanted.messageId }).then(
      (isThere) => {
        if (isCurrent && isThere) setRevealed(wanted);
      },
      (error: unknown) => void showToast("error", errorSentence(error)),
    );
    return () => {
      isCurrent = false;
    };
  }, [revealMessage, wanted]);
  return revealed === wanted ? wanted : null;
}
