import { Code, Lightbulb, ListChecks, Pencil } from "@/components/icons";
import { greeting } from "../../lib/greeting";
import { useIsIncluded } from "../../lib/price";
import { useNow } from "../../lib/use-now";
import { StartGuide } from "./start-guide";

const SUGGESTIONS = [
  { Icon: ListChecks, text: "Plan a week of dinners for two" },
  { Icon: Lightbulb, text: "Explain tides to a new sailor" },
  { Icon: Code, text: "Review a function I wrote" },
  { Icon: Pencil, text: "Write a kind refusal" },
] as const;

/** A new chat: a greeting, what a message costs, and a few ways to begin that fill the composer. */
export function EmptyChat({
  cost,
  onChoose,
}: {
  /** Credits a message takes. */
  readonly cost: number;
  readonly onChoose: (text: string) => void;
}) {
  const isIncluded = useIsIncluded();
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto max-w-[744px] px-6 pt-[clamp(32px,14vh,150px)] pb-6 max-wide:px-4 max-wide:pt-8">
        <h1 className="font-display text-[38px] leading-[1.15] tracking-[-0.015em]">
          {greeting(useNow())}
        </h1>
        <p className="mt-2 text-base text-ink-2">
          Ask, draft, or think out loud.{" "}
          {isIncluded ? "Every message is included in Pro." : `Each message costs ${cost} credits.`}
        </p>
        <div className="mt-7 grid grid-cols-2 gap-2.5 max-wide:grid-cols-1">
          {SUGGESTIONS.map(({ Icon, text }) => (
            <button
              key={text}
              type="button"
              onClick={() => onChoose(text)}
              className="flex items-center gap-[11px] rounded-[13px] border border-line bg-raised px-4 py-3.5 text-left transition-colors duration-150 hover:bg-panel"
            >
              <Icon
                size={17}
                strokeWidth={1.75}
                className="flex-none text-accent-text"
                aria-hidden="true"
              />
              {text}
            </button>
          ))}
        </div>
        <StartGuide />
      </div>
    </div>
  );
}
