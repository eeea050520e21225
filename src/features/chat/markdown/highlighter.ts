import type { GrammarState, HighlighterCore, LanguageInput } from "shiki/core";

/** A piece of a line, with the colour that the theme's token variables give it. */
export interface CodeToken {
  readonly text: string;
  /** A CSS colour; `null` for the text's own. */
  readonly color: string | null;
}

/** Lines of one block of code, in their order. */
export interface ColourRequest {
  /** The block's number; what its earlier lines have opened is remembered under it. */
  readonly block: number;
  readonly language: string;
  readonly lines: readonly string[];
  /** These are the block's first lines. */
  readonly isStart: boolean;
}

const THEME = "parley";
/** A line longer than this stays plain: nobody reads it, and its grammar would take too long. */
const LINE_MAX_CHARACTERS = 1000;

/** Each grammar is a file of its own, fetched for the first block in its language. */
const GRAMMARS: Record<string, () => Promise<{ default: LanguageInput }>> = {
  bash: () => import("shiki/langs/bash.mjs"),
  c: () => import("shiki/langs/c.mjs"),
  csharp: () => import("shiki/langs/csharp.mjs"),
  css: () => import("shiki/langs/css.mjs"),
  diff: () => import("shiki/langs/diff.mjs"),
  go: () => import("shiki/langs/go.mjs"),
  html: () => import("shiki/langs/html.mjs"),
  java: () => import("shiki/langs/java.mjs"),
  javascript: () => import("shiki/langs/javascript.mjs"),
  json: () => import("shiki/langs/json.mjs"),
  jsx: () => import("shiki/langs/jsx.mjs"),
  markdown: () => import("shiki/langs/markdown.mjs"),
  python: () => import("shiki/langs/python.mjs"),
  rust: () => import("shiki/langs/rust.mjs"),
  sql: () => import("shiki/langs/sql.mjs"),
  tsx: () => import("shiki/langs/tsx.mjs"),
  typescript: () => import("shiki/langs/typescript.mjs"),
  yaml: () => import("shiki/langs/yaml.mjs"),
};

const OTHER_NAMES: Record<string, string> = {
  "c#": "csharp",
  cs: "csharp",
  golang: "go",
  htm: "html",
  js: "javascript",
  jsonc: "json",
  md: "markdown",
  patch: "diff",
  py: "python",
  rs: "rust",
  sh: "bash",
  shell: "bash",
  ts: "typescript",
  xml: "html",
  yml: "yaml",
  zsh: "bash",
};

const loading = new Map<string, Promise<HighlighterCore | null>>();
const states = new Map<number, GrammarState>();
let core: Promise<HighlighterCore> | null = null;

/**
 * The colours of further lines of a block; `null` when its language is not known or could not be
 * fetched. A grammar's first lines take a tenth of a second each, so this is not for the page's own
 * thread.
 */
export async function colour(request: ColourRequest): Promise<CodeToken[][] | null> {
  const { block, lines, isStart } = request;
  const lang = grammarName(request.language);
  const highlighter = await highlighterFor(lang);
  if (highlighter === null) return null;
  if (isStart) states.delete(block);
  return lines.map((line) => {
    const grammarState = states.get(block);
    const tokens = highlighter.codeToTokensBase(line, {
      lang,
      theme: THEME,
      tokenizeMaxLineLength: LINE_MAX_CHARACTERS,
      // A line that is given up half way would colour all that follows; its length bounds it.
      tokenizeTimeLimit: 0,
      ...(grammarState === undefined ? {} : { grammarState }),
    });
    states.set(block, highlighter.getLastGrammarState(tokens) as GrammarState);
    return merged(
      (tokens[0] ?? []).map(({ content, color }) => ({
        text: content,
        color: color === undefined || color.includes("--code-foreground") ? null : color,
      })),
    );
  });
}

/** Forgets a block that is gone. */
export function forget(block: number) {
  states.delete(block);
}

async function highlighterFor(name: string): Promise<HighlighterCore | null> {
  const grammar = Object.hasOwn(GRAMMARS, name) ? GRAMMARS[name] : undefined;
  if (grammar === undefined) return null;
  const started = loading.get(name) ?? start(grammar);
  loading.set(name, started);
  const highlighter = await started;
  // Plain code stays readable; the next block tries again.
  if (highlighter === null) loading.delete(name);
  return highlighter;
}

function grammarName(language: string): string {
  const name = language.toLowerCase();
  return Object.hasOwn(OTHER_NAMES, name) ? (OTHER_NAMES[name] ?? name) : name;
}

async function start(
  grammar: () => Promise<{ default: LanguageInput }>,
): Promise<HighlighterCore | null> {
  try {
    core ??= createCore();
    const [highlighter, { default: definition }] = await Promise.all([core, grammar()]);
    await highlighter.loadLanguage(definition);
    return highlighter;
  } catch {
    core = null;
    return null;
  }
}

async function createCore(): Promise<HighlighterCore> {
  const [{ createCssVariablesTheme, createHighlighterCore }, { createJavaScriptRegexEngine }] =
    await Promise.all([import("shiki/core"), import("shiki/engine/javascript")]);
  return await createHighlighterCore({
    // Colours by CSS variables: light and dark are the same tokens, and neither is computed again.
    themes: [createCssVariablesTheme({ name: THEME, variablePrefix: "--code-" })],
    engine: createJavaScriptRegexEngine({ forgiving: true }),
  });
}

/** Neighbours of one colour as one piece: fewer elements on the page. */
function merged(tokens: readonly CodeToken[]): CodeToken[] {
  const pieces: CodeToken[] = [];
  for (const token of tokens) {
    const last = pieces.at(-1);
    if (last && (last.color === token.color || token.text.trim() === "")) {
      pieces[pieces.length - 1] = { text: last.text + token.text, color: last.color };
    } else pieces.push(token);
  }
  return pieces;
}
