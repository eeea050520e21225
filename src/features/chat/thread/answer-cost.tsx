import { useId, useState } from "react";
import { isBlank } from "../../../../convex/lib/characters";
import type { AnswerView } from "./thread-rows";

type Ended = Pick<AnswerView, "status" | "content" | "creditsUsed" | "tokens" | "model">;

/**
 * What an answer cost, in a word, and on demand in full: its tokens by kind, whether they were
 * counted or estimated, and its credits. Stands in a line that wraps; the full account takes the
 * line below.
 */
export function AnswerCost({ answer }: { readonly answer: Ended }) {
  const [isOpen, setIsOpen] = useState(false);
  const id = useId();
  return (
    <>
      <button
        type="button"
        aria-expanded={isOpen}
        aria-controls={id}
        className="touch-target rounded-md px-1 tabular-nums pointer-coarse:ml-auto underline decoration-line decoration-dotted underline-offset-4 hover:text-ink"
        onClick={() => setIsOpen(!isOpen)}
      >
        <span className="sr-only">Cost: </span>
        {summary(answer)}
      </button>
      <div id={id} className="basis-full" hidden={!isOpen}>
        {isOpen && <Account answer={answer} />}
      </div>
    </>
  );
}

function Account({ answer }: { readonly answer: Ended }) {
  const { tokens, model } = answer;
  return (
    <div className="mt-1 ml-auto w-fit max-w-72 rounded-xl border border-line px-3.5 py-2.5 text-[13px]">
      <dl className="grid grid-cols-[1fr_auto] gap-x-6 gap-y-1 tabular-nums">
        {model !== null && <Line name="Model" value={model} />}
        {tokens !== null && (
          <>
            <Line name="Tokens sent" value={tokens.prompt} />
            <Line name="Tokens written" value={tokens.completion - tokens.reasoning} />
            {tokens.reasoning > 0 && <Line name="Tokens of reasoning" value={tokens.reasoning} />}
          </>
        )}
        <Line name="Credits" value={answer.creditsUsed} />
      </dl>
      {tokens?.estimated === true && (
        <p className="mt-1.5">
          Tokens estimated by Parley: the model’s own count did not arrive. Hidden reasoning is not
          in it.
        </p>
      )}
      {tokens === null && <p className="mt-1.5">No tokens were counted.</p>}
    </div>
  );
}

function Line({ name, value }: { readonly name: string; readonly value: number | string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd className="min-w-0 text-right wrap-anywhere text-ink">{value.toLocaleString("en")}</dd>
    </>
  );
}

/** `412 tokens · 3 credits`; `≈` where the tokens are estimated. What ended without a text was refunded. */
function summary({ status, content, tokens, creditsUsed }: Ended): string {
  const parts: string[] = [];
  if (tokens && tokens.completion > 0) {
    const { estimated, completion } = tokens;
    const count = completion.toLocaleString("en");
    parts.push(`${estimated ? "≈" : ""}${count} ${completion === 1 ? "token" : "tokens"}`);
  }
  if (creditsUsed > 0) parts.push(`${creditsUsed} credits`);
  else if (status === "failed" || isBlank(content)) parts.push("not charged");
  return parts.length === 0 ? "0 credits" : parts.join(" · ");
}
