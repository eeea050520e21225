import { useCallback, useMemo, useState } from "react";
import { type Components, defaultRehypePlugins, Streamdown } from "streamdown";
import { boundedDepth } from "./bounded-depth";
import { withClosedMarks } from "./closed-marks";
import { CodeBlock } from "./code-block";
import { growingBlocks } from "./markdown-blocks";
import type { MarkdownProps } from "./markdown";
import { beginsMath, dollarMarks, holdsMath, useMath } from "./math";
import { ownDirections } from "./own-directions";
import { RemoteImage } from "./remote-image";
import { SafeLink } from "./safe-link";
import { withoutNames } from "./without-names";

// Plain elements, styled in markdown.css, in place of streamdown's own dressed ones. Raw HTML in an
// answer passes streamdown's sanitiser first, so no script, handler or style ever gets here.
const COMPONENTS = {
  a: SafeLink,
  img: RemoteImage,
  pre: CodeBlock,
  table: ScrollingTable,
  source: Nothing,
  ...plain(["p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "hr"]),
  ...plain(["strong", "sub", "sup", "section", "thead", "tbody", "tr", "th", "td", "code"]),
} as Components;

function plain<Tag extends keyof React.JSX.IntrinsicElements>(tags: readonly Tag[]) {
  return Object.fromEntries(tags.map((tag) => [tag, tag]));
}

const REHYPE_PLUGINS = [
  ...Object.values(defaultRehypePlugins),
  boundedDepth,
  withoutNames,
  ownDirections,
];

function ScrollingTable({ children }: { children?: React.ReactNode }) {
  return (
    <div className="markdown-table" tabIndex={0} role="group" aria-label="Table">
      <table>{children}</table>
    </div>
  );
}

function Nothing() {
  return null;
}

/**
 * The real renderer. It stays in streaming mode when the answer is finished, so that the elements on
 * the page stay the same ones and nothing flashes.
 */
export function MarkdownRenderer({ text, coming = "", state }: MarkdownProps) {
  const [blocksOf] = useState(growingBlocks);
  const markdown = dollarMarks(text);
  const math = useMath(holdsMath(markdown) || beginsMath(coming));
  const plugins = useMemo(() => (math === null ? undefined : { math }), [math]);
  const isWhole = state === "whole";
  const cutIntoBlocks = useCallback(
    (whole: string) => (isWhole ? blocksOf(whole) : withClosedMarks(blocksOf(whole))),
    [isWhole, blocksOf],
  );
  return (
    <Streamdown
      className="markdown"
      components={COMPONENTS}
      controls={false}
      isAnimating={state === "growing"}
      linkSafety={NO_LINK_DIALOG}
      parseIncompleteMarkdown={false}
      parseMarkdownIntoBlocksFn={cutIntoBlocks}
      plugins={plugins}
      rehypePlugins={REHYPE_PLUGINS}
    >
      {markdown}
    </Streamdown>
  );
}

const NO_LINK_DIALOG = { enabled: false };
