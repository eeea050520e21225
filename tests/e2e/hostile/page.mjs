// The renderer of answers alone, on every hostile input: growing first, then whole.
import { createElement, useEffect, useState } from "react";
import { createRoot } from "react-dom/client";
import { loadMarkdown, Markdown } from "../../../src/features/chat/markdown/markdown.tsx";
import "../../../src/app/theme.css";
import { INPUTS } from "./inputs.ts";

/** How many states of growth each input goes through; the last is the whole. */
const STEPS = 3;

window.hits = 0;
window.hit = () => {
  window.hits += 1;
};

await loadMarkdown();
createRoot(document.getElementById("answers")).render(createElement(Answers));

function Answers() {
  const [step, setStep] = useState(1);
  useEffect(() => {
    if (step < STEPS) requestAnimationFrame(() => setTimeout(() => setStep(step + 1)));
    else document.documentElement.dataset.state = "whole";
  }, [step]);
  return Object.entries(INPUTS).map(([name, input]) =>
    createElement(
      "article",
      { key: name, "aria-label": name, className: "bg-answer" },
      createElement(Markdown, {
        text: input.slice(0, Math.ceil((input.length * step) / STEPS)),
        state: step < STEPS ? "growing" : "whole",
      }),
    ),
  );
}
