import { memo, type Ref, useSyncExternalStore } from "react";
import type { Id } from "../../../../convex/_generated/dataModel";
import { MESSAGE_MAX_CHARACTERS } from "../../../../convex/chat/limits";
import { COSTS } from "../../../../convex/credits/rules";
import { usePrice } from "../../../lib/price";
import { useSettings } from "../../../lib/use-settings";
import { Composer, type ComposerState } from "./composer";
import { ContextSwitch } from "./context-switch";
import type { Drafts, MessageDraft } from "./drafts";
import { ModelChoice } from "./model-choice";

/**
 * The composer on a chat's draft. It alone is drawn again at each keystroke, however long the chat
 * is, and rests while the chat changes.
 */
export const DraftComposer = memo(function DraftComposer({
  drafts,
  place,
  displayId,
  fieldRef,
  state,
  context,
  projectId,
  onSend,
  onQueue,
}: {
  readonly drafts: Drafts;
  /** The chat's name among the drafts. */
  readonly place: string;
  /** `null` for a new chat. */
  readonly displayId: string | null;
  readonly fieldRef: Ref<HTMLTextAreaElement>;
  readonly state: ComposerState;
  /** The choice of a chat that exists; that of a new one is kept in its draft. */
  readonly context: {
    readonly isIncluded: boolean;
    readonly onChange: (on: boolean) => void;
  } | null;
  /** The project whose context it is; `null` for that of all the person's work. */
  readonly projectId: Id<"projects"> | null;
  readonly onSend: (message: MessageDraft) => void;
  /** Absent while there is no queue. */
  readonly onQueue?: ((message: MessageDraft) => void) | undefined;
}) {
  const draft = useSyncExternalStore(drafts.subscribe, () => drafts.get(place));
  const { attachments } = draft;
  const settings = useSettings();
  const price = usePrice(COSTS.chatMessage);
  // A chat of a project is told of it unless the person says otherwise.
  const preset = projectId !== null || (settings?.includesContext ?? null);
  const includesContext = draft.includesContext ?? preset;
  const message = (text: string) => ({ text, attachments, includesContext, model: draft.model });
  return (
    <Composer
      fieldRef={fieldRef}
      text={draft.text}
      onType={(typed) => drafts.type(place, typed)}
      attachments={attachments}
      onAttachments={(attached, text) => {
        drafts.change(place, { attachments: attached });
        if (text !== undefined) drafts.type(place, text);
      }}
      onSend={(text) => onSend(message(text))}
      onQueue={onQueue && ((text) => onQueue(message(text)))}
      state={state}
      price={price}
      tools={
        <>
          <ContextSwitch
            projectId={projectId}
            isIncluded={context?.isIncluded ?? includesContext ?? false}
            onChange={context?.onChange ?? ((on) => drafts.change(place, { includesContext: on }))}
          />
          <ModelChoice
            displayId={displayId}
            chosen={draft.model}
            onChoose={(model) => drafts.change(place, { model })}
          />
        </>
      }
      maxCharacters={MESSAGE_MAX_CHARACTERS}
    />
  );
});
