import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { TaskRow } from "./task-row";
import type { Task } from "./words";

const TASK = {
  _id: "t1",
  displayId: "TK-000001",
  title: "Order the oven",
  notes: "",
  status: "todo",
  priority: "normal",
  dueOn: null,
} as unknown as Task;

const onChange = vi.fn();

beforeEach(() => {
  vi.useFakeTimers();
  onChange.mockClear();
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const row = (task = TASK) => (
  <TaskRow task={task} isOpen onToggle={vi.fn()} onChange={onChange} onRemove={vi.fn()} />
);
const typeNotes = (notes: string) =>
  fireEvent.change(screen.getByRole("textbox", { name: "Notes" }), { target: { value: notes } });
const wait = (ms: number) => act(() => void vi.advanceTimersByTime(ms));

test("notes are kept after a pause in typing, without leaving the field, and once", () => {
  render(row());
  typeNotes("two");
  wait(300);
  typeNotes("two decks ");
  wait(300);
  expect(onChange).not.toHaveBeenCalled();
  wait(300);
  expect(onChange).toHaveBeenCalledOnce();
  fireEvent.blur(screen.getByRole("textbox", { name: "Notes" }));
  expect(onChange.mock.calls).toEqual([[{ notes: "two decks" }]]);
});

test("notes are kept when the page goes before the pause is over", () => {
  const { unmount } = render(row());
  typeNotes("two decks");
  unmount();
  expect(onChange.mock.calls).toEqual([[{ notes: "two decks" }]]);
});

test("notes that another device wrote meanwhile are left alone by whoever typed none", () => {
  const { rerender, unmount } = render(row());
  rerender(row({ ...TASK, notes: "from the phone" }));
  wait(1000);
  unmount();
  expect(onChange).not.toHaveBeenCalled();
});
