/** A finished diagram as a picture. */
export interface DrawnDiagram {
  /** A `data:` address; an SVG behind one runs no script and loads nothing. */
  readonly url: string;
  /** In CSS pixels. */
  readonly width: number;
  readonly height: number;
  /** For whoever does not see it. */
  readonly title: string;
}

const KEPT_DIAGRAMS = 50;
const drawn = new Map<string, DrawnDiagram>();
let drawings = 0;

/**
 * While a diagram is measured, its SVG stands in the page for a moment. So a source that could make
 * it load something (addresses, `url()`, pictures, markup, CSS escapes) is drawn only when asked for.
 */
export function mayLoad(source: string): boolean {
  return LOADING.test(source.replaceAll(/<br\s*\/?>/gi, ""));
}
const LOADING =
  /\/\/|\burl\s*\(|\bimage(-set)?\s*\(|@import|\bimg\b|\bicon\b|\bsrc\b|\bhref\b|<\s*[a-z!/]|!\[|\\|&#|%%\s*\{|^---/im;

/** The picture of a diagram that was drawn before, in the same colours. */
export function drawnBefore(source: string, isDark: boolean): DrawnDiagram | null {
  return drawn.get(keyOf(source, isDark)) ?? null;
}

/** @throws what the source has wrong, or why the module did not come */
export async function drawDiagram(source: string, isDark: boolean): Promise<DrawnDiagram> {
  const { mermaid } = await import("@streamdown/mermaid");
  drawings += 1;
  const instance = mermaid.getMermaid(settings(isDark));
  const { svg } = await instance.render(`diagram-${drawings}`, source);
  const diagram = pictureOf(svg, source);
  drawn.set(keyOf(source, isDark), diagram);
  const oldest = drawn.keys().next().value;
  if (drawn.size > KEPT_DIAGRAMS && oldest !== undefined) drawn.delete(oldest);
  return diagram;
}

function keyOf(source: string, isDark: boolean): string {
  return `${isDark ? "dark" : "light"}\n${source}`;
}

function pictureOf(svg: string, source: string): DrawnDiagram {
  const box = /viewBox="[-\d.e]+ [-\d.e]+ ([\d.e]+) ([\d.e]+)"/.exec(svg);
  const width = Math.ceil(Number(box?.[1] ?? 600));
  const height = Math.ceil(Number(box?.[2] ?? 400));
  const sized = svg.replace(
    /^<svg([^>]*?) width="100%"/,
    `<svg$1 width="${width}" height="${height}"`,
  );
  return {
    url: `data:image/svg+xml;charset=utf-8,${encodeURIComponent(sized)}`,
    width,
    height,
    title: `Diagram: ${source.trim().split("\n", 3).join("; ").slice(0, 200)}`,
  };
}

/** Fonts of the page do not reach into a picture, so it is measured in one that does. */
const FONT = "ui-sans-serif, system-ui, sans-serif";

// Mermaid reads no oklch: these are the tokens' colours as it knows them.
const LIGHT = {
  paper: "#ffffff",
  ink: "#1b1f27",
  line: "#8a8f98",
  soft: "#e8f0fe",
  panel: "#f4f4f1",
};
const DARK = {
  paper: "#22252b",
  ink: "#ecebe8",
  line: "#8d939e",
  soft: "#24324d",
  panel: "#1c1f24",
};

function settings(isDark: boolean) {
  const colour = isDark ? DARK : LIGHT;
  return {
    startOnLoad: false,
    securityLevel: "strict" as const,
    suppressErrorRendering: true,
    htmlLabels: false,
    flowchart: { htmlLabels: false },
    fontFamily: FONT,
    // What a source may not change with a directive of its own.
    secure: [
      "secure",
      "securityLevel",
      "startOnLoad",
      "maxTextSize",
      "maxEdges",
      "suppressErrorRendering",
      "htmlLabels",
      "flowchart",
      "fontFamily",
      "altFontFamily",
      "theme",
      "themeCSS",
      "themeVariables",
      "dompurifyConfig",
    ],
    theme: "base" as const,
    darkMode: isDark,
    themeVariables: {
      darkMode: isDark,
      fontFamily: FONT,
      background: colour.paper,
      primaryColor: colour.soft,
      primaryTextColor: colour.ink,
      primaryBorderColor: colour.line,
      secondaryColor: colour.panel,
      tertiaryColor: colour.panel,
      lineColor: colour.line,
      textColor: colour.ink,
      edgeLabelBackground: colour.paper,
      noteBkgColor: colour.panel,
      noteTextColor: colour.ink,
      noteBorderColor: colour.line,
    },
  };
}
