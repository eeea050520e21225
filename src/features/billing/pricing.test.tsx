import { QueryClientProvider } from "@tanstack/react-query";
import { cleanup, render, screen } from "@testing-library/react";
import { ConvexProvider } from "convex/react";
import { MemoryRouter } from "react-router";
import { afterEach, expect, test, vi } from "vitest";
import { FakeConvex } from "../../lib/fake-convex";
import { queryClientOver } from "../../lib/query-client";
import BuyCreditsDialog from "./buy-credits-dialog";
import { Pricing } from "./pricing";

const PRO = { periodEnd: null, endsAt: null, isPastDue: false };
const PLACES = { prices: <Pricing />, dialog: <BuyCreditsDialog onClose={vi.fn()} /> };

afterEach(cleanup);

async function show(place: keyof typeof PLACES, pro: object | null) {
  const server = new FakeConvex();
  server.answer("billing/state:current", () => ({ maySell: true, pro }));
  server.answer("credits/usage:current", () => ({ creditsRemaining: 2 }));
  render(
    <MemoryRouter>
      <ConvexProvider client={server.client}>
        <QueryClientProvider client={queryClientOver(server.client)}>
          {PLACES[place]}
        </QueryClientProvider>
      </ConvexProvider>
    </MemoryRouter>,
  );
  await vi.waitFor(() =>
    expect(screen.getByRole<HTMLButtonElement>("button", { name: /^Buy 5,000/ }).disabled).toBe(
      false,
    ),
  );
}

test.each(["prices", "dialog"] as const)(
  "the %s tell whoever is on Pro that credits would lie idle",
  async (place) => {
    await show(place, PRO);
    expect(screen.getByText(/While Pro runs, no credits are used/)).toBeTruthy();
    cleanup();
    await show(place, null);
    expect(screen.queryByText(/While Pro runs/)).toBeNull();
  },
);

test("a balance that is too small for a message is called that", async () => {
  await show("prices", null);
  const plan = screen.getByRole("region", { name: "Your plan" });
  await vi.waitFor(() => expect(plan.textContent).toContain("2 left now, too few for a message."));
});
