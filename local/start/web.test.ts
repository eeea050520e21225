import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { renderPage } from "./web.ts";

const TEMPLATE = `<meta name="convex-url" content="%VITE_CONVEX_URL%"><script>theme()</script><script type="module" src="/assets/a.js"></script>`;

test("the page is told its deployment's address", () => {
  const { html } = renderPage(TEMPLATE, "http://127.0.0.1:3210");
  expect(html).toContain(`content="http://127.0.0.1:3210"`);
  expect(html).not.toContain("%VITE");
});

test("the page may reach its own origin and the deployment, and run its own scripts, and no more", () => {
  const { policy } = renderPage(TEMPLATE, "https://parley.example");
  expect(policy).toContain("connect-src 'self' https://parley.example wss://parley.example");
  expect(policy).toMatch(/script-src 'self' 'sha256-[\w+/=]+';/);
  expect(policy).not.toContain("'unsafe-eval'");
});

test("the page is sent packed, and is the same page", () => {
  const { html, packed } = renderPage(TEMPLATE, "http://127.0.0.1:3210");
  expect(brotliDecompressSync(packed.br).toString()).toBe(html);
  expect(gunzipSync(packed.gzip).toString()).toBe(html);
});
