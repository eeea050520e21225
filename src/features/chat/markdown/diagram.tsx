import { type ReactNode, useEffect, useState } from "react";
import { Button } from "../../../components/button";
import { useIsDark } from "../../../lib/theme";
import { type DrawnDiagram, drawDiagram, drawnBefore, mayLoad } from "./draw-diagram";

/** A diagram that is too wide is made to fit where that leaves it this share of its size. */
const STILL_READABLE = 0.65;

/**
 * A diagram in place of its source, which one press brings back. It is shown as a picture: nothing
 * in a picture runs, loads or can be pressed. A source that names addresses is drawn when the person
 * asks for it.
 */
export function Diagram({ code, source }: { readonly code: string; readonly source: ReactNode }) {
  const isDark = useIsDark();
  const [isWanted, setIsWanted] = useState(() => !mayLoad(code));
  const [showsSource, setShowsSource] = useState(false);
  const drawing = useDrawing(code, isDark, isWanted);

  if (!isWanted) {
    return (
      <>
        {source}
        <Below>
          <span>This diagram names addresses and may load from them.</span>
          <Button size="small" onClick={() => setIsWanted(true)}>
            Draw the diagram
          </Button>
        </Below>
      </>
    );
  }
  if (drawing.kind !== "drawn" || showsSource) {
    return (
      <>
        {source}
        <Below>
          {drawing.kind === "failed" && <span>This diagram could not be drawn.</span>}
          {drawing.kind === "drawn" && (
            <Button kind="bare" size="small" onClick={() => setShowsSource(false)}>
              Show diagram
            </Button>
          )}
        </Below>
      </>
    );
  }
  const { url, width, height, title } = drawing.diagram;
  return (
    <figure className="markdown-diagram">
      <div tabIndex={0} role="group" aria-label="Diagram">
        <img
          src={url}
          width={width}
          height={height}
          style={{ width: fittingWidth(width) }}
          alt={title}
        />
      </div>
      <Below>
        <Button kind="bare" size="small" onClick={() => setShowsSource(true)}>
          Show source
        </Button>
      </Below>
    </figure>
  );
}

/** Fitting where it stays readable, and else as wide as it is, to be scrolled. */
function fittingWidth(width: number): string {
  const lacking = `(${width * STILL_READABLE}px - 100%)`;
  // Where that is more than nothing, it is more than any width.
  return `min(${width}px, max(100%, ${lacking} * 9999))`;
}

function Below({ children }: { readonly children: ReactNode }) {
  return (
    <div className="flex min-h-8 flex-wrap items-center justify-end gap-2 text-[13px] text-ink-2">
      {children}
    </div>
  );
}

type Drawing =
  | { readonly kind: "waiting" }
  | { readonly kind: "failed" }
  | { readonly kind: "drawn"; readonly diagram: DrawnDiagram };

function useDrawing(code: string, isDark: boolean, isWanted: boolean): Drawing {
  const before = isWanted ? drawnBefore(code, isDark) : null;
  const [latest, setLatest] = useState<Drawing>({ kind: "waiting" });
  useEffect(() => {
    if (!isWanted || drawnBefore(code, isDark) !== null) return;
    let isCurrent = true;
    drawDiagram(code, isDark).then(
      (diagram) => isCurrent && setLatest({ kind: "drawn", diagram }),
      () => isCurrent && setLatest({ kind: "failed" }),
    );
    return () => {
      isCurrent = false;
    };
  }, [code, isDark, isWanted]);
  return before === null ? latest : { kind: "drawn", diagram: before };
}
