/// <reference types="vitest/config" />
import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  // Settings come from the environment alone: the CLI writes a .env.local that would otherwise be
  // built into the page.
  envDir: false,
  plugins: [react(), tailwindcss()],
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
          server: { deps: { inline: ["convex-test", /@convex-dev\/(rate-limiter|batch-worker)/] } },
        },
      },
      {
        extends: true,
        test: { name: "page", include: ["src/**/*.test.{ts,tsx}"], environment: "happy-dom" },
      },
      {
        test: {
          name: "local",
          include: ["local/**/*.test.ts", "tests/**/*.test.ts"],
          environment: "node",
          execArgv: ["--experimental-vm-modules", "--disable-warning=ExperimentalWarning"],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
