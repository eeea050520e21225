import { QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, render, screen, waitFor } from "@testing-library/react";
import { ConvexProvider } from "convex/react";
import { MemoryRouter, useLocation } from "react-router";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { PageTitle } from "../../../components/page-title";
import { turnNoticesOff, turnNoticesOn } from "../../../lib/answer-notices";
import { FakeConvex } from "../../../lib/fake-convex";
import { queryClientOver } from "../../../lib/query-client";
import { WAIT_MS } from "./notifier";
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

const TIDES = { displayId: "CH-000001", title: "Tides", endedAt: 1, hasFailed: false };
const BREAD = { displayId: "CH-000002", title: "Bread", endedAt: 2, hasFailed: false };

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

/** Until the code that tells is on the page. */
const loaded = () =>
  act(async () => {
    await vi.dynamicImportSettled();
    // React lets a moment pass before it shows what it has waited for.
    await new Promise((go) => setTimeout(go, 500));
  });

/** Until whatever is to be told has been told. */
const wait = () => act(async () => await new Promise((go) => setTimeout(go, WAIT_MS + 100)));

function lookAway() {
  vi.spyOn(document, "hasFocus").mockReturnValue(false);
}

test("the title begins with the number of unread answers, and ends counting", async () => {
  show();
  await titled("Dashboard · Parley");
  unread(TIDES, BREAD);
  await titled("(2) Dashboard · Parley");
  unread(...Array.from({ length: 100 }, (_, i) => ({ ...TIDES, displayId: `CH-${i}` })));
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
  await loaded();
  expect(shown).toEqual([]);
  unread(BREAD, TIDES);
  await waitFor(() => expect(shown).toHaveLength(1));
  // A new title is not the end of an answer. The number tells that the change has come.
  unread({ ...BREAD, title: "Bread again" });
  await titled("(1) Dashboard · Parley");
  // Nor is it one that a chat comes back, from the archive say.
  unread(BREAD, TIDES);
  await wait();
  expect(shown.map(({ title, options }) => [title, options.body])).toEqual([
    ["An answer is done", "Bread"],
  ]);
  act(() => void shown[0]?.dispatchEvent(new Event("click")));
  expect(screen.getByTestId("place").textContent).toBe("/chat/CH-000002");
  expect(shown[0]?.close).toHaveBeenCalled();
});

test("an answer that is read at once, on another device say, is not told; the next one is", async () => {
  expect(await turnNoticesOn()).toBeNull();
  shown = [];
  lookAway();
  show();
  await loaded();
  unread(TIDES);
  await titled("(1) Dashboard · Parley");
  unread();
  await wait();
  expect(shown).toEqual([]);
  unread({ ...TIDES, endedAt: 3 });
  await waitFor(() => expect(shown).toHaveLength(1));
});

test("one that failed is told as such", async () => {
  expect(await turnNoticesOn()).toBeNull();
  shown = [];
  lookAway();
  show();
  await loaded();
  unread({ ...TIDES, hasFailed: true });
  await waitFor(() => expect(shown).toHaveLength(1));
  expect(shown[0]?.title).toBe("An answer failed");
});

test("one that ended before and comes into the list now is not told", async () => {
  expect(await turnNoticesOn()).toBeNull();
  shown = [];
  lookAway();
  unread(BREAD);
  show();
  await loaded();
  unread(TIDES);
  await wait();
  expect(shown).toEqual([]);
});

test("nothing is told when it was not wanted", async () => {
  lookAway();
  unread(TIDES);
  show();
  await titled("(1) Dashboard · Parley");
  await loaded();
  unread(BREAD, TIDES);
  await titled("(2) Dashboard · Parley");
  await wait();
  expect(shown).toEqual([]);
});

test("nothing is told to somebody who looks", async () => {
  lookAway();
  unread(TIDES);
  show();
  await titled("(1) Dashboard · Parley");
  expect(await turnNoticesOn()).toBeNull();
  shown = [];
  await loaded();
  vi.spyOn(document, "hasFocus").mockReturnValue(true);
  unread(BREAD, TIDES);
  await titled("(2) Dashboard · Parley");
  await wait();
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
