import { QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { ConvexProvider } from "convex/react";
import { MemoryRouter } from "react-router";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FakeConvex } from "../../lib/fake-convex";
import { queryClientOver } from "../../lib/query-client";
import BuyCreditsDialog from "./buy-credits-dialog";
import { Pricing } from "./pricing";

const PRO = { periodEnd: null, endsAt: null, isPastDue: false };
const PLACES = { prices: <Pricing />, dialog: <BuyCreditsDialog onClose={vi.fn()} /> };

let started: PromiseWithResolvers<{ url: string | null; orderId: string }>;
beforeEach(() => {
  started = Promise.withResolvers();
});
afterEach(() => {
  cleanup();
  sessionStorage.clear();
});

async function show(place: keyof typeof PLACES, pro: object | null) {
  const server = new FakeConvex();
  server.answer("billing/state:current", () => ({ maySell: true, pro }));
  server.answer("credits/usage:current", () => ({ creditsRemaining: 2 }));
  server.actions["billing/checkout:start"] = async () => await started.promise;
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

test.each([
  ["left for the checkout when it is there", () => undefined, 1],
  ["not left for it by who closed the dialog meanwhile", cleanup, 0],
])("the page is %s", async (_, meanwhile, leaves) => {
  await show("dialog", null);
  fireEvent.click(screen.getByRole("button", { name: /^Buy 500/ }));
  meanwhile();
  await act(async () => started.resolve({ url: null, orderId: "o1" }));
  expect(sessionStorage.length).toBe(leaves);
});
