import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { ConvexProvider } from "convex/react";
import { MemoryRouter } from "react-router";
import { afterEach, expect, test, vi } from "vitest";
import { FakeConvex, onePage } from "../../lib/fake-convex";
import { QuickChat } from "./quick-chat";

const onAsk = vi.fn();

afterEach(() => {
  cleanup();
  localStorage.clear();
});

/** Opens the page again, as a reload does. */
function fieldOnTheOpenedPage() {
  cleanup();
  const server = new FakeConvex();
  server.answer("chat/sessions:listSessions", () => onePage([]));
  render(
    <MemoryRouter>
      <ConvexProvider client={server.client}>
        <QuickChat onAsk={onAsk} />
      </ConvexProvider>
    </MemoryRouter>,
  );
  return screen.getByRole<HTMLInputElement>("textbox", { name: "Ask anything" });
}

test("a question that was not asked yet survives a reload, and one that was asked is gone", () => {
  fireEvent.change(fieldOnTheOpenedPage(), { target: { value: "why do tides lag?" } });
  const field = fieldOnTheOpenedPage();
  expect(field.value).toBe("why do tides lag?");
  fireEvent.submit(field);
  expect(onAsk).toHaveBeenCalledWith("why do tides lag?");
  expect(fieldOnTheOpenedPage().value).toBe("");
});
