import { clsx } from "clsx";
import {
  Component,
  type ComponentType,
  createElement,
  type ReactNode,
  useEffect,
  useState,
  useSyncExternalStore,
} from "react";
import { isTangled } from "./tangled";
import "./markdown.css";

export interface MarkdownProps {
  readonly text: string;
  /** What is held back of it: what that will need can be fetched already. */
  readonly coming?: string;
  /** Whether it goes on, broke off, or is all that was to be said. */
  readonly state: "growing" | "cut" | "whole";
}
type Renderer = ComponentType<MarkdownProps>;

let renderer: Renderer | null = null;
let loading: Promise<{ readonly MarkdownRenderer: Renderer }> | null = null;
const listeners = new Set<() => void>();

/**
 * Fetches the markdown module, which is larger than the rest of the page together, once. Not
 * `React.lazy`: that shows its fallback for a moment even when the module is already here.
 */
export async function loadMarkdown(): Promise<void> {
  loading ??= import("./markdown-renderer");
  try {
    renderer = (await loading).MarkdownRenderer;
    for (const listener of listeners) listener();
  } catch {
    // The plain text stays readable; the next answer tries again.
    loading = null;
  }
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Text that waits longer than this for its formatting is shown without. */
const PLAIN_AFTER_MS = 1000;

/**
 * An answer's text as formatted markdown. Until the module for it is there the text only keeps its
 * place, so that nobody sees raw marks turn into headings; on a slow line it is shown plain.
 */
export function Markdown(props: MarkdownProps) {
  const { text } = props;
  const loaded = useSyncExternalStore(subscribe, () => renderer);
  const [isLate, setIsLate] = useState(false);
  useEffect(() => {
    void loadMarkdown();
    const timer = setTimeout(() => setIsLate(true), PLAIN_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  const plain = (
    <div
      className={clsx("markdown whitespace-pre-wrap", loaded === null && !isLate && "invisible")}
    >
      {text}
    </div>
  );
  if (loaded === null || isTangled(text)) return plain;
  return <Readable plain={plain}>{createElement(loaded, props)}</Readable>;
}

/** A text that the renderer stumbles over after all is shown as it was written. */
class Readable extends Component<
  { readonly plain: ReactNode; readonly children: ReactNode },
  { readonly hasFailed: boolean }
> {
  override state = { hasFailed: false };

  static getDerivedStateFromError() {
    return { hasFailed: true };
  }

  override render() {
    return this.state.hasFailed ? this.props.plain : this.props.children;
  }
}
