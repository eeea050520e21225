import { defineConfig } from "@playwright/test";
import { findBrowser } from "./tests/browser.ts";

// Each worker starts the whole product; three keep two cores busy, since much of a test is waiting.
// No retries: a test that passes at the second try has found something.
export default defineConfig({
  testDir: "tests/e2e",
  testMatch: "**/*.spec.ts",
  globalSetup: "./tests/e2e/build-page.ts",
  workers: 3,
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  timeout: 240_000,
  expect: { timeout: 60_000 },
  reporter: "list",
  outputDir: "test-results",
  use: {
    viewport: { width: 1280, height: 800 },
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: await findBrowser(),
      args: [
        ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"],
        "--host-resolver-rules=MAP parley.test 127.0.0.1",
      ],
    },
  },
});
