import { convexQuery } from "@convex-dev/react-query";
import { useQuery } from "@tanstack/react-query";
import { useMutation } from "convex/react";
import { ChevronDown } from "@/components/icons";
import { api } from "../../../../convex/_generated/api";
import { errorSentence } from "../../../lib/error-sentence";
import { showToast } from "../../../lib/toast";
import { useSettings } from "../../../lib/use-settings";

/** The model that answers in this chat: a choice where the server has several, else its name. */
export function ModelChoice({
  displayId,
  chosen,
  onChoose,
}: {
  /** `null` for a new chat. */
  readonly displayId: string | null;
  /** What was chosen for a chat that the server does not know yet. */
  readonly chosen: string | null;
  /** Takes the choice for a new chat; the server keeps that of one that exists. */
  readonly onChoose: (model: string) => void;
}) {
  const settings = useSettings();
  const { data: session } = useQuery(
    convexQuery(api.chat.sessions.getSession, displayId === null ? "skip" : { displayId }),
  );
  const setModel = useSetModel(displayId);
  if (settings === undefined) return null;

  const { models } = settings;
  const wanted = session?.model ?? chosen ?? settings.model;
  const model = models.find((name) => name === wanted) ?? models[0];
  if (model === undefined) {
    return <span className="px-1.5 text-[13px] text-warn">no model set up</span>;
  }
  if (models.length === 1) {
    return (
      <span
        title={`${model} writes the answers`}
        className="max-w-32 truncate px-1.5 text-[13px] text-ink-2"
      >
        {model}
      </span>
    );
  }
  return (
    <span className="relative flex h-8 min-w-0 items-center rounded-[9px] text-[13px] text-ink-2 focus-within:bg-shade hover:bg-shade hover:text-ink">
      <select
        aria-label="Model"
        title="Which model writes the answers"
        value={model}
        onChange={({ target }) =>
          session ? void setModel(session._id, target.value) : onChoose(target.value)
        }
        className="touch-target h-full max-w-36 cursor-pointer appearance-none truncate rounded-[9px] bg-transparent pr-6 pl-2 pointer-coarse:h-11 pointer-coarse:text-base"
      >
        {models.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
      <ChevronDown
        size={14}
        strokeWidth={1.75}
        aria-hidden="true"
        className="pointer-events-none absolute right-1.5"
      />
    </span>
  );
}

/** The server remembers the choice, the page shows it at once; refused, it goes back. */
function useSetModel(displayId: string | null) {
  const setModel = useMutation(api.chat.requests.setModel).withOptimisticUpdate(
    (store, { model }) => {
      if (displayId === null) return;
      const known = store.getQuery(api.chat.sessions.getSession, { displayId });
      if (known) store.setQuery(api.chat.sessions.getSession, { displayId }, { ...known, model });
    },
  );
  return async (sessionId: Parameters<typeof setModel>[0]["sessionId"], model: string) => {
    try {
      await setModel({ sessionId, model });
    } catch (error) {
      void showToast("error", errorSentence(error));
    }
  };
}
