import { act, cleanup, fireEvent, render, waitFor } from "@testing-library/react";
import { ConvexProvider } from "convex/react";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test, vi } from "vitest";
import { FakeConvex } from "../../lib/fake-convex";
import { Drafts } from "./composer/drafts";
import type { MarkdownProps } from "./markdown/markdown";
import { Rehearsal } from "./rehearsal";

const drawn = vi.hoisted((): string[] => []);
/** What was drawn as text that is whole. */
const ended = vi.hoisted((): string[] => []);
vi.mock("./markdown/markdown", async (original) => ({
  ...(await original<object>()),
  loadMarkdown: async () => undefined,
  Markdown: ({ text, state }: MarkdownProps) => {
    drawn.push(text);
    if (state === "whole") ended.push(text);
    return <p>{text}</p>;
  },
}));

const actions = {
  regenerate: vi.fn(),
  goOn: vi.fn(),
  edit: vi.fn(),
  showVersion: vi.fn(),
  rate: vi.fn(),
};

afterEach(() => {
  cleanup();
  drawn.length = 0;
  ended.length = 0;
});

function show() {
  const server = new FakeConvex();
  return render(
    <ConvexProvider client={server.client}>
      <input />
      <Rehearsal drafts={new Drafts(localStorage, "ana")} actions={actions} />
    </ConvexProvider>,
  );
}

function write(container: HTMLElement) {
  fireEvent.input(container.querySelector("input")!, { target: { value: "W" } });
}

// One page rehearses once: the tests share it, and come in this order.

test("waits until the person writes, and stops when the chat begins", async () => {
  const { container, unmount } = show();
  await act(() => sleep(50));
  expect(drawn).toEqual([]);

  write(container);
  await waitFor(() => expect(drawn.length).toBeGreaterThan(3));
  unmount();
  const before = drawn.length;
  await sleep(50);
  expect(drawn).toHaveLength(before);
});

test("draws an answer word by word to its end, and nobody sees any of it", async () => {
  const { container } = show();
  const empty = document.body.innerHTML;
  write(container);
  await waitFor(() => expect(ended.at(-1)).toMatch(/(until it ends\.[^]*){3}$/), {
    timeout: 20_000,
  });

  expect(drawn.length).toBeGreaterThan(50);
  expect(drawn.every((text, index) => text.startsWith(drawn[index - 1] ?? ""))).toBe(true);
  expect(document.body.innerHTML).toBe(empty);
});

test("does so once", async () => {
  const { container } = show();
  write(container);
  const again = waitFor(() => expect(drawn).not.toEqual([]), { timeout: 500 });
  await expect(again).rejects.toThrow();
});
