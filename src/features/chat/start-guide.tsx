import { useState } from "react";
import { Button } from "../../components/button";

const STORAGE_KEY = "parley:guide";

const STEPS = [
  {
    title: "Write",
    text: "Enter sends, Shift and Enter break the line. A long paste becomes an attachment.",
  },
  { title: "Go on", text: "Type while an answer is written; the next message waits in the queue." },
  {
    title: "Give context",
    text: "Projects and tasks go to the model only when the switch below is on.",
  },
  {
    title: "Look it up",
    text: "Below each answer: what it cost, and word for word what was sent.",
  },
] as const;

/** How the chat works, in four lines. Closed once, it stays closed in this browser, and can be had back. */
export function StartGuide() {
  const [isClosed, setIsClosed] = useState(() => localStorage.getItem(STORAGE_KEY) === "closed");

  function choose(closed: boolean) {
    setIsClosed(closed);
    try {
      if (closed) localStorage.setItem(STORAGE_KEY, "closed");
      else localStorage.removeItem(STORAGE_KEY);
    } catch {
      // Then it is there again next time.
    }
  }

  if (isClosed) {
    return (
      <Button kind="bare" size="small" className="mt-5 -ml-3" onClick={() => choose(false)}>
        How it works
      </Button>
    );
  }
  return (
    <section aria-labelledby="start-guide" className="mt-8 border-t border-line pt-5">
      <div className="flex items-center justify-between">
        <h2 id="start-guide" className="text-sm font-[550] text-ink-2">
          How it works
        </h2>
        <Button kind="bare" size="small" className="-mr-3" onClick={() => choose(true)}>
          Got it
        </Button>
      </div>
      <dl className="mt-2 grid grid-cols-2 gap-x-8 gap-y-4 max-wide:grid-cols-1 max-wide:gap-y-3">
        {STEPS.map(({ title, text }) => (
          <div key={title}>
            <dt className="font-[550]">{title}</dt>
            <dd className="text-sm text-ink-2">{text}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
