import {
  type ComponentProps,
  isValidElement,
  memo,
  type ReactNode,
  useEffect,
  useMemo,
  useSyncExternalStore,
} from "react";
import { useIsCodeFenceIncomplete } from "streamdown";
import { CopyButton } from "../../../components/copy-button";
import { CodeColours } from "./code-colours";
import { Diagram } from "./diagram";
import type { CodeToken } from "./highlighter";
import { withVisibleControls } from "./visible-controls";

/** A fenced block: a diagram, or its language, a way to copy it whole, and the code. */
export function CodeBlock({ children }: ComponentProps<"pre">) {
  const isIncomplete = useIsCodeFenceIncomplete();
  const { language, code } = partsOf(children);
  const source = <Source language={language} code={code} isIncomplete={isIncomplete} />;
  if (language !== "mermaid" || isIncomplete) return source;
  return <Diagram code={code} source={source} />;
}

/** Code in its colours, which scrolls inside. */
function Source({
  language,
  code,
  isIncomplete,
}: {
  readonly language: string;
  readonly code: string;
  readonly isIncomplete: boolean;
}) {
  const shown = withVisibleControls(code);
  return (
    <figure className="markdown-code">
      <figcaption>
        <span>{language}</span>
        <CopyButton label="Copy" what="code" text={code} disabled={isIncomplete} />
      </figcaption>
      <pre tabIndex={0}>
        <ColouredCode language={language} code={shown} isIncomplete={isIncomplete} />
      </pre>
    </figure>
  );
}

function ColouredCode({
  language,
  code,
  isIncomplete,
}: {
  readonly language: string;
  readonly code: string;
  readonly isIncomplete: boolean;
}) {
  // The code of the first moment alone may be known already; what comes later is read below.
  // oxlint-disable-next-line react/exhaustive-deps
  const colours = useMemo(() => new CodeColours(language, code), [language]);
  useEffect(() => colours.read(code, !isIncomplete), [colours, code, isIncomplete]);
  useEffect(() => () => colours.leave(), [colours]);
  const lines = useSyncExternalStore(colours.subscribe, colours.lines);
  const rest = code.split("\n").slice(lines.length);
  return (
    <code>
      {lines.map((tokens, index) => (
        // A line keeps its place, and never changes.
        <Line
          // oxlint-disable-next-line react/no-array-index-key
          key={index}
          tokens={tokens}
          isLast={rest.length === 0 && index === lines.length - 1}
        />
      ))}
      {rest.join("\n")}
    </code>
  );
}

const Line = memo(function Line({
  tokens,
  isLast,
}: {
  readonly tokens: readonly CodeToken[];
  readonly isLast: boolean;
}) {
  return (
    <span>
      {tokens.map(({ text, color }, index) =>
        color === null ? (
          text
        ) : (
          // oxlint-disable-next-line react/no-array-index-key
          <span key={index} style={{ color }}>
            {text}
          </span>
        ),
      )}
      {!isLast && "\n"}
    </span>
  );
});

function partsOf(children: ReactNode): { language: string; code: string } {
  if (!isValidElement<ComponentProps<"code">>(children)) {
    return { language: "text", code: textOf(children) };
  }
  const language = /language-([^\s]+)/.exec(children.props.className ?? "")?.[1] ?? "text";
  return { language, code: textOf(children.props.children).replace(/\n$/, "") };
}

/** The text of what React was given to draw. */
export function textOf(node: ReactNode): string {
  if (typeof node === "string" || typeof node === "number") return String(node);
  if (Array.isArray(node)) return node.map(textOf).join("");
  if (isValidElement<{ children?: ReactNode }>(node)) return textOf(node.props.children);
  return "";
}
