import { QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { ConvexProvider } from "convex/react";
import { ConvexError } from "convex/values";
import { MemoryRouter } from "react-router";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FakeConvex } from "../../lib/fake-convex";
import { queryClientOver } from "../../lib/query-client";
import { Pricing } from "./pricing";
import { type Outcome, Returned } from "./returned";

let server: FakeConvex;
let order: { status: string } | null;
let pro: object | null;
const settle = vi.fn(async () => true);

beforeEach(() => {
  order = { status: "pending" };
  pro = null;
  settle.mockClear();
  server = new FakeConvex();
  server.answer("billing/orders:byId", () =>
    order === null ? null : { planId: "topup_500", credits: 500, createdAt: 0, ...order },
  );
  server.answer("billing/state:current", () => ({ maySell: true, pro }));
  server.answer("credits/usage:current", () => ({ creditsRemaining: 503, purchased: 500 }));
  server.actions["billing/checkout:settle"] = settle;
});
afterEach(() => {
  cleanup();
  sessionStorage.clear();
});

function show(element: React.ReactNode) {
  render(
    <MemoryRouter>
      <ConvexProvider client={server.client}>
        <QueryClientProvider client={queryClientOver(server.client)}>{element}</QueryClientProvider>
      </ConvexProvider>
    </MemoryRouter>,
  );
}

const back = (outcome: Outcome = "finished") => show(<Returned orderId="o1" outcome={outcome} />);
const heading = (name: string | RegExp) => screen.findByRole("heading", { name });

test("a payment is processing until the order is fulfilled, and then the balance is told", async () => {
  back();
  await heading("Processing your payment");
  expect(screen.getByRole("status").textContent).toContain("processing");
  await waitFor(() => expect(settle).toHaveBeenCalled());
  order = { status: "fulfilled" };
  server.answer("billing/orders:byId", () => ({
    planId: "topup_500",
    credits: 500,
    createdAt: 0,
    ...order,
  }));
  act(() => server.update());
  await heading("Your 500 credits are here.");
  await waitFor(() => expect(screen.getByRole("status").textContent).toContain("503 credits"));
  // The monthly ones do.
  expect(screen.getByRole("status").textContent).toContain("Bought credits never expire.");
});

test("the way back leads to where the person was, and nowhere else", async () => {
  sessionStorage.setItem("parley:before-checkout", "/chat/CH-000007");
  order = { status: "fulfilled" };
  back();
  const link = await screen.findByRole("link", { name: "Back to your message" });
  expect(link.getAttribute("href")).toBe("/chat/CH-000007");
  cleanup();
  sessionStorage.setItem("parley:before-checkout", "//evil.example");
  back();
  const other = await screen.findByRole("link", { name: "Back to your message" });
  expect(other.getAttribute("href")).toBe("/chat");
});

test.each([
  ["declined", "The payment was declined."],
  ["cancelled", "You left the checkout."],
] as const)("a checkout that was %s costs nothing, and says so", async (outcome, title) => {
  back(outcome);
  await heading(title);
  expect(screen.getByRole("status").textContent).toContain("Nothing was charged");
});

test("what the address says does not hide that it was paid", async () => {
  order = { status: "fulfilled" };
  back("cancelled");
  await heading("Your 500 credits are here.");
});

test("an order of nobody's is told as such, and Autumn is not asked", async () => {
  order = null;
  back();
  await heading("Nothing was bought here.");
  expect(settle).not.toHaveBeenCalled();
});

test("with Autumn out of reach the page says that it comes by itself", async () => {
  settle.mockResolvedValueOnce(false);
  back();
  await waitFor(() =>
    expect(screen.getByRole("status").textContent).toContain("cannot be reached right now"),
  );
});

test("a refused checkout is told where it was asked for, and may be tried again", async () => {
  const message = "The payment service cannot be reached right now. Nothing was charged.";
  server.actions["billing/checkout:start"] = vi
    .fn()
    .mockRejectedValue(new ConvexError({ code: "BILLING_UNAVAILABLE", message }));
  show(<Pricing />);
  const button = await screen.findByRole<HTMLButtonElement>("button", { name: "Buy 500 credits" });
  await waitFor(() => expect(button.disabled).toBe(false));
  fireEvent.click(button);
  await waitFor(() => expect(screen.getByRole("alert").textContent).toBe(message));
  expect(button.disabled).toBe(false);
  expect(server.actions["billing/checkout:start"]).toHaveBeenCalledWith({ planId: "topup_500" });
});

test.each([
  [null, /You are on Free\./],
  [
    { periodEnd: Date.UTC(2026, 11, 21, 12), endsAt: null, isPastDue: false },
    /renews on 21 December 2026/,
  ],
  [
    { periodEnd: null, endsAt: Date.UTC(2026, 11, 21, 12), isPastDue: false },
    /ends on 21 December 2026/,
  ],
  [{ periodEnd: null, endsAt: null, isPastDue: true }, /last payment failed/],
])("the plan is told: %j", async (state, says) => {
  pro = state;
  show(<Pricing />);
  const plan = await screen.findByRole("region", { name: "Your plan" });
  expect(plan.textContent).toMatch(says);
  expect(screen.queryByRole("button", { name: "Manage billing" }) !== null).toBe(state !== null);
});
