import { QueryClientProvider } from "@tanstack/react-query";
import { cleanup, render, screen } from "@testing-library/react";
import { ConvexProvider } from "convex/react";
import { MemoryRouter } from "react-router";
import { afterEach, expect, test } from "vitest";
import { FakeConvex, onePage } from "../../lib/fake-convex";
import { queryClientOver } from "../../lib/query-client";
import { FirstSteps } from "./first-steps";

afterEach(cleanup);

test.each([
  [false, "A message costs 3 credits; 100 free ones come every month."],
  [true, "Every message is included in Pro."],
])("the first step says what a message costs the person (on Pro: %s)", async (unlimited, words) => {
  const server = new FakeConvex();
  server.answer("chat/sessions:listSessions", () => onePage([]));
  server.answer("projects/projects:listRecentProjects", () => []);
  server.answer("credits/usage:current", () => ({ unlimited }));
  render(
    <MemoryRouter>
      <ConvexProvider client={server.client}>
        <QueryClientProvider client={queryClientOver(server.client)}>
          <FirstSteps />
        </QueryClientProvider>
      </ConvexProvider>
    </MemoryRouter>,
  );
  expect(await screen.findByText(words)).toBeTruthy();
});
