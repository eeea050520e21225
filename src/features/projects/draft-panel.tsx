import { convexQuery } from "@convex-dev/react-query";
import { useQuery } from "@tanstack/react-query";
import { useMutation } from "convex/react";
import { Sparkles } from "@/components/icons";
import { type FormEvent, useState } from "react";
import { api } from "../../../convex/_generated/api";
import type { Id } from "../../../convex/_generated/dataModel";
import { COSTS } from "../../../convex/credits/rules";
import { GOAL_MAX_CHARACTERS } from "../../../convex/projects/limits";
import { isBlank } from "../../../convex/lib/characters";
import { Button } from "../../components/button";
import { TextArea } from "../../components/field";
import { Notice } from "../../components/notice";
import { errorSentence } from "../../lib/error-sentence";
import { usePrice } from "../../lib/price";
import { randomToken } from "../../lib/random-token";
import { useTypedText } from "../../lib/use-typed-text";
import { DraftPreview } from "./draft-preview";

/** A goal goes in, and a project comes out that can be changed before it is one. */
export function DraftPanel({
  source,
  onAccepted,
}: {
  /** The page that the project is to be drawn from, if one. */
  readonly source: Id<"projectPages"> | null;
  readonly onAccepted: (displayId: string) => void;
}) {
  const { data: draft } = useQuery(convexQuery(api.projects.drafts.openDraft, {}));
  if (draft === undefined) return null;
  if (draft !== null && draft.status !== "failed") {
    return <DraftPreview key={draft._id} draft={draft} onAccepted={onAccepted} />;
  }
  return (
    <GoalForm
      key={draft?._id}
      source={source ?? draft?.sourcePageId ?? null}
      initialGoal={draft?.goal ?? ""}
      earlierFailure={draft?.error?.message ?? null}
    />
  );
}

function GoalForm({
  source,
  initialGoal,
  earlierFailure,
}: {
  readonly source: Id<"projectPages"> | null;
  readonly initialGoal: string;
  readonly earlierFailure: string | null;
}) {
  const price = usePrice(COSTS.projectDraft);
  const startDraft = useMutation(api.projects.drafts.startDraft);
  const [goal, setGoal] = useTypedText(
    source === null ? "goal" : `goal:${source}`,
    initialGoal || (source === null ? "" : "Make a project of what this page says."),
  );
  const [failure, setFailure] = useState(earlierFailure);
  const [isBusy, setIsBusy] = useState(false);
  // One draft, however often its button is pressed; another one after a refusal.
  const [clientKey, setClientKey] = useState(randomToken);

  async function start(event: FormEvent) {
    event.preventDefault();
    if (isBusy) return;
    setIsBusy(true);
    setFailure(null);
    try {
      await startDraft({ goal, clientKey, ...(source === null ? {} : { sourcePageId: source }) });
      setGoal("");
    } catch (error) {
      setFailure(errorSentence(error));
      setClientKey(randomToken());
      setIsBusy(false);
    }
  }

  return (
    <form onSubmit={(event) => void start(event)} className="flex flex-col gap-4">
      <div>
        <h2 className="font-display text-[32px] leading-tight tracking-[-0.015em]">
          What do you want to get done?
        </h2>
        <p className="mt-1.5 text-base text-ink-2">
          {source === null
            ? "A sentence or two about the goal, what is there already, and until when."
            : "The project is drawn from the page that was read. Say what you want of it."}
        </p>
      </div>
      {failure !== null && <Notice announced>{failure}</Notice>}
      <TextArea
        label="Goal"
        hideLabel
        required
        maxLength={GOAL_MAX_CHARACTERS}
        placeholder="Open a small bakery in spring, with two people and a rented corner shop…"
        value={goal}
        onChange={(event) => setGoal(event.target.value)}
        className="min-h-32!"
      />
      <div className="flex items-center justify-end gap-3">
        <span className="text-[13px] text-ink-2">{price}</span>
        <Button type="submit" kind="primary" disabled={isBusy || isBlank(goal)}>
          <Sparkles size={16} strokeWidth={1.75} aria-hidden="true" />
          Draft with AI
        </Button>
      </div>
    </form>
  );
}
