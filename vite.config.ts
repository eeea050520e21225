/// <reference types="vitest/config" />
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin, type Rolldown } from "vite";

export default defineConfig({
  // Settings come from the environment alone: the CLI writes a .env.local that would otherwise be
  // built into the page.
  envDir: false,
  plugins: [react(), tailwindcss(), firstPaint()],
  build: {
    rolldownOptions: {
      output: {
        // What pages share comes in few files and not in thirty: each costs a phone a round trip.
        codeSplitting: {
          groups: [
            {
              name: "base",
              test: /node_modules\/(react|react-dom|scheduler|convex|@convex-dev|@tanstack|react-router|clsx)\//,
              minShareCount: 2,
            },
            {
              name: "menus",
              test: /node_modules\/(@?radix-ui|@floating-ui|react-remove-scroll|aria-hidden)/,
              minShareCount: 3,
            },
            // Without what opens later, and would bring the menus with it.
            {
              name: "parts",
              test: /src\/(components|lib|features\/chat)\/(?!dialog|open-menu)|use-go-to-created|lucide-react/,
              minShareCount: 2,
            },
          ],
        },
      },
    },
  },
  // Its grammars are files of their own.
  worker: { format: "es" },
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: "functions",
          include: ["convex/**/*.test.ts"],
          environment: "edge-runtime",
          testTimeout: 60_000,
          server: { deps: { inline: ["convex-test", /@convex-dev\/(rate-limiter|batch-worker)/] } },
        },
      },
      {
        extends: true,
        test: {
          name: "page",
          include: ["src/**/*.test.{ts,tsx}"],
          environment: "happy-dom",
          setupFiles: "src/test-setup.ts",
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: "local",
          include: ["local/**/*.test.ts", "tests/**/*.test.ts"],
          environment: "node",
          execArgv: ["--experimental-vm-modules", "--disable-warning=ExperimentalWarning"],
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});

/** Pages that people open first, by the beginning of their paths. */
const FIRST_PAGES = {
  "/chat": "src/app/pages/chat-page.tsx",
  "/sign-": "src/app/pages/sign-in-page.tsx",
};

/**
 * Has the built page paint its empty frame as soon as index.html is there: what that needs stands in
 * it, and the style sheets stand behind the frame. The scripts of the page that is opened are
 * fetched beside the first ones, and not after those have run.
 */
function firstPaint(): Plugin {
  const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");
  return {
    name: "first-paint",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler(html, { bundle = {} }) {
        const sheet = /\s*<link rel="stylesheet"[^>]*>/g;
        const sheets = html.match(sheet);
        const theme = '<script src="/theme.js"></script>';
        // A page of a test has no frame.
        if (sheets === null || !html.includes(theme)) return;
        const style = squeezed(read("src/app/tokens.css") + read("src/app/shell.css"));
        const chunks = Object.values(bundle).filter((output) => output.type === "chunk");
        return (
          html
            .replaceAll(sheet, "")
            // The frame, its style and its letters come first; the scripts share what is left.
            .replaceAll(
              /<(script type="module"|link rel="modulepreload")/g,
              '<$1 fetchpriority="low"',
            )
            .replace("<noscript>", () => `${sheets.join("").trim()}\n    <noscript>`)
            .replace(
              theme,
              () =>
                `<style>${style}</style>\n    <script>${read("public/theme.js")}</script>\n    <script>${preloads(chunks, html)}</script>`,
            )
        );
      },
    },
  };
}

/** A script that asks for all that the opened page imports, besides what `html` names already. */
function preloads(chunks: readonly Rolldown.OutputChunk[], html: string): string {
  const pages = Object.entries(FIRST_PAGES).map(([path, module]) => {
    const found = new Set<string>();
    const visit = (chunk: Rolldown.OutputChunk | undefined) => {
      if (chunk === undefined || found.has(chunk.fileName)) return;
      found.add(chunk.fileName);
      for (const name of chunk.imports) visit(chunks.find(({ fileName }) => fileName === name));
    };
    visit(chunks.find(({ facadeModuleId }) => facadeModuleId?.endsWith(module)));
    return [path, [...found].filter((name) => !html.includes(name))];
  });
  return `for (const [path, names] of ${JSON.stringify(pages)})
      if (location.pathname.startsWith(path))
        for (const name of names)
          document.head.append(Object.assign(document.createElement("link"), { rel: "modulepreload", fetchPriority: "low", crossOrigin: "", href: "/" + name }));`;
}

function squeezed(css: string): string {
  return css.replaceAll(/\/\*[\s\S]*?\*\//g, "").replaceAll(/\s+/g, " ");
}
