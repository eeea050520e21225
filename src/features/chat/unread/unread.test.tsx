import { QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, render, screen, waitFor } from "@testing-library/react";
import { ConvexProvider } from "convex/react";
import { MemoryRouter, useLocation } from "react-router";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { PageTitle } from "../../../components/page-title";
import { turnNoticesOff, turnNoticesOn } from "../../../lib/answer-notices";
import { FakeConvex } from "../../../lib/fake-convex";
import { queryClientOver } from "../../../lib/query-client";
import { Unread } from "./unread";

/** What the browser would show. */
let shown: FakeNotification[] = [];

class FakeNotification extends EventTarget {
  static permission = "granted";
  static requestPermission = vi.fn(async () => FakeNotification.permission);
  readonly close = vi.fn();
  readonly title: string;
  readonly options: NotificationOptions;

  constructor(title: string, options: NotificationOptions) {
    super();
    this.title = title;
    this.options = options;
    shown.push(this);
  }
}

const TIDES = { displayId: "CH-000001", title: "Tides" };
const BREAD = { displayId: "CH-000002", title: "Bread" };

let server: FakeConvex;

beforeEach(() => {
  shown = [];
  FakeNotification.permission = "granted";
  vi.stubGlobal("Notification", FakeNotification);
  server = new FakeConvex();
  unread();
});
afterEach(() => {
  cleanup();
  turnNoticesOff();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

function unread(...sessions: (typeof TIDES)[]) {
  server.answer("chat/marks:unreadSessions", () => sessions);
  act(() => server.update());
}

function Place() {
  return <p data-testid="place">{useLocation().pathname}</p>;
}

function show(place = "/dashboard") {
  render(
    <MemoryRouter initialEntries={[place]}>
      <ConvexProvider client={server.client}>
        <QueryClientProvider client={queryClientOver(server.client)}>
          <Unread>
            <PageTitle>Dashboard</PageTitle>
            <Place />
          </Unread>
        </QueryClientProvider>
      </ConvexProvider>
    </MemoryRouter>,
  );
}

const titled = (title: string) => waitFor(() => expect(document.title).toBe(title));

function lookAway() {
  vi.spyOn(document, "hasFocus").mockReturnValue(false);
}

test("the title begins with the number of unread answers, and ends counting", async () => {
  show();
  await titled("Dashboard · Parley");
  unread(TIDES, BREAD);
  await titled("(2) Dashboard · Parley");
  unread(...Array.from({ length: 100 }, (_, i) => ({ displayId: `CH-${i}`, title: "x" })));
  await titled("(99+) Dashboard · Parley");
  unread();
  await titled("Dashboard · Parley");
});

test("the chat that stands before the person is not counted", async () => {
  unread(TIDES, BREAD);
  show("/chat/CH-000001");
  await titled("(1) Dashboard · Parley");
});

test("an answer that ends while nobody looks is told once, and leads to its chat", async () => {
  expect(await turnNoticesOn()).toBeNull();
  shown = [];
  lookAway();
  unread(TIDES);
  show();
  await titled("(1) Dashboard · Parley");
  // Its code is fetched first: what comes later than that is told.
  await act(async () => await vi.dynamicImportSettled());
  expect(shown).toEqual([]);
  unread(BREAD, TIDES);
  await waitFor(() => expect(shown).toHaveLength(1));
  unread({ ...BREAD, title: "Bread again" }, TIDES);
  expect(shown.map(({ title, options }) => [title, options.body])).toEqual([
    ["An answer is done", "Bread"],
  ]);
  act(() => void shown[0]?.dispatchEvent(new Event("click")));
  expect(screen.getByTestId("place").textContent).toBe("/chat/CH-000002");
  expect(shown[0]?.close).toHaveBeenCalled();
});

test("nothing is told to somebody who looks, nor when it was not wanted", async () => {
  lookAway();
  unread(TIDES);
  show();
  await titled("(1) Dashboard · Parley");
  expect(await turnNoticesOn()).toBeNull();
  shown = [];
  await act(async () => await vi.dynamicImportSettled());
  vi.spyOn(document, "hasFocus").mockReturnValue(true);
  unread(BREAD, TIDES);
  await titled("(2) Dashboard · Parley");
  expect(shown).toEqual([]);
});

test("where they cannot be, a sentence says why", async () => {
  FakeNotification.permission = "denied";
  expect(await turnNoticesOn()).toContain("does not let Parley notify you");
  class Refusing {
    static requestPermission = async () => "granted";
    constructor() {
      throw new TypeError("Illegal constructor");
    }
  }
  vi.stubGlobal("Notification", Refusing);
  expect(await turnNoticesOn()).toContain("only of an app that is installed");
  vi.unstubAllGlobals();
  Reflect.deleteProperty(window, "Notification");
  expect(await turnNoticesOn()).toBe("This browser cannot show notifications.");
});
