import { QueryClientProvider } from "@tanstack/react-query";
import { cleanup, render, screen } from "@testing-library/react";
import { ConvexProvider } from "convex/react";
import { afterEach, expect, test, vi } from "vitest";
import type { Id } from "../../../convex/_generated/dataModel";
import { FakeConvex } from "../../lib/fake-convex";
import { queryClientOver } from "../../lib/query-client";
import { PageList } from "./page-list";

afterEach(cleanup);

function show(page: { status: "reading" | "ready"; creditsUsed: number }) {
  const server = new FakeConvex();
  const read = { _id: "p1", url: "https://example.com/", title: "Leases", characters: 60 };
  server.answer("projects/pages:listPages", () => [{ ...read, ...page }]);
  server.answer("credits/usage:current", () => ({ unlimited: false }));
  render(
    <ConvexProvider client={server.client}>
      <QueryClientProvider client={queryClientOver(server.client)}>
        <PageList projectId={"j1" as Id<"projects">} onDraft={vi.fn()} />
      </QueryClientProvider>
    </ConvexProvider>,
  );
}

test.each([
  [
    "a page that is being read costs nothing when it is deleted now",
    "reading",
    5,
    "Reading… Deleted now, it costs nothing.",
  ],
  ["on Pro nothing is said of what it costs", "reading", 0, "Reading…"],
  [
    "one that was read stays paid, and says nothing of it",
    "ready",
    5,
    "example.com · about 10 words",
  ],
] as const)("%s", async (_, status, creditsUsed, words) => {
  show({ status, creditsUsed });
  expect((await screen.findByRole("status")).textContent).toBe(words);
});
