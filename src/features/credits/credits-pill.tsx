import { clsx } from "clsx";
import { TriangleAlert } from "@/components/icons";
import { useId } from "react";
import { Link } from "react-router";
import { MONTHLY_FREE_CREDITS } from "../../../convex/credits/rules";
import { openBuyCredits } from "../../lib/buy-credits";
import { inThousands, resetSentence } from "./balance-words";
import { type CreditLevel, creditLevel } from "./credit-level";
import { renewalDay } from "./renewal";
import { useCredits } from "./use-credits";

const LOOK = {
  good: "bg-good-soft text-good",
  warn: "bg-warn-soft text-warn",
  bad: "bg-bad-soft text-bad",
} as const;

const LINK = "font-[550] text-accent-text underline underline-offset-4";

/**
 * The balance, in the navigation bar of every page, with the day of the next reset beside it where
 * there is room. A press tells what it is made of and when it renews.
 */
export function CreditsPill() {
  const credits = useCredits();
  const id = useId();
  if (credits === undefined) return null;
  const { creditsRemaining, monthlyRemaining, purchased, nextResetAt, unlimited } = credits;
  const level = unlimited ? "good" : creditLevel(creditsRemaining);
  return (
    <>
      {!unlimited && (
        <span className="hidden flex-none text-[13px] whitespace-nowrap text-ink-2 min-[1180px]:inline">
          {MONTHLY_FREE_CREDITS} free again on {renewalDay(nextResetAt)}
        </span>
      )}
      <div
        className={clsx(
          "relative inline-flex flex-none animate-appear items-center gap-[7px] rounded-full px-3 py-1.5 text-[13.5px] leading-none",
          LOOK[level],
        )}
      >
        <LevelSign level={level} />
        <span role="status" aria-label="Credits" className="font-semibold tabular-nums">
          {unlimited ? "Unlimited" : inThousands(creditsRemaining)}
        </span>
        <span aria-hidden="true" className={clsx(unlimited ? "hidden" : "max-[359px]:hidden")}>
          {level === "bad" ? "left" : "credits"}
        </span>
        <button
          type="button"
          popoverTarget={id}
          aria-label={`About your credits: ${unlimited ? "unlimited" : `${inThousands(creditsRemaining)} left`}`}
          className="touch-target absolute! inset-0 rounded-full"
        />
      </div>
      <div
        id={id}
        popover="auto"
        onClick={(event) => {
          if (
            event.target !== event.currentTarget &&
            (event.target as Element).closest("a, button")
          ) {
            event.currentTarget.hidePopover();
          }
        }}
        role="dialog"
        aria-label="Your credits"
        className="fixed inset-[60px_12px_auto_auto] w-[300px] max-w-[calc(100vw-24px)] rounded-card border border-line bg-raised px-5 py-[18px] text-sm text-ink shadow-float open:animate-appear"
      >
        {unlimited ? (
          <p>Pro: everything you do is recorded, and nothing is taken.</p>
        ) : (
          <>
            <dl className="grid grid-cols-[1fr_auto] gap-y-1.5 tabular-nums">
              <dt className="text-ink-2">Free, this month</dt>
              <dd className="text-right">{monthlyRemaining}</dd>
              <dt className="text-ink-2">Purchased, kept until spent</dt>
              <dd className="text-right">{inThousands(purchased)}</dd>
              <dt className="border-t border-line pt-1.5 font-[550]">Together</dt>
              <dd className="border-t border-line pt-1.5 text-right font-[550]">
                {inThousands(creditsRemaining)}
              </dd>
            </dl>
            <p className="mt-3 text-ink-2">{resetSentence(nextResetAt)}</p>
          </>
        )}
        <p className="mt-3 flex gap-4">
          <Link to="/usage" className={LINK}>
            Usage
          </Link>
          {!unlimited && (
            <button type="button" className={LINK} onClick={openBuyCredits}>
              Buy more
            </button>
          )}
        </p>
      </div>
    </>
  );
}

/** The level again as a shape, for whom the colours are one. */
function LevelSign({ level }: { readonly level: CreditLevel }) {
  if (level === "bad") return <TriangleAlert size={13} strokeWidth={2.25} aria-hidden="true" />;
  return (
    <span
      aria-hidden="true"
      className={clsx(
        "size-[7px] rounded-full",
        level === "good" ? "bg-current" : "border-[1.5px] border-current",
      )}
    />
  );
}
