import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Dialog } from "./dialog";
import { TextField } from "./field";

const onClose = vi.fn();

/** Shows the dialog as closed and then open, until its listeners are there. */
async function open() {
  const dialog = (isOpen: boolean) => (
    <Dialog title="New project" open={isOpen} onClose={onClose}>
      <TextField label="Name" />
      <TextField label="Find" type="search" />
    </Dialog>
  );
  const { rerender } = render(dialog(false));
  rerender(dialog(true));
  await untilListening();
  return { close: () => rerender(dialog(false)), reopen: () => rerender(dialog(true)) };
}

/** The press that opened it must not close it: it listens a task later. */
const untilListening = () => new Promise((done) => setTimeout(done));

const type = (label: string) =>
  fireEvent.input(screen.getByLabelText(label), { target: { value: "Bakery" } });

function pressBeside() {
  fireEvent.pointerDown(document.body, { button: 0 });
  fireEvent.click(document.body);
}

beforeEach(() => onClose.mockClear());
afterEach(cleanup);

test("a press beside a dialog closes it, also after a search", async () => {
  await open();
  type("Find");
  pressBeside();
  expect(onClose).toHaveBeenCalledOnce();
});

test("a press beside a dialog does not take away what was typed in it; Esc and the cross do", async () => {
  await open();
  type("Name");
  pressBeside();
  expect(onClose).not.toHaveBeenCalled();
  fireEvent.keyDown(screen.getByLabelText("Name"), { key: "Escape" });
  expect(onClose).toHaveBeenCalledOnce();
  fireEvent.click(screen.getByRole("button", { name: "Close" }));
  expect(onClose).toHaveBeenCalledTimes(2);
});

test("what was typed in a dialog that is closed since keeps the next one from nothing", async () => {
  const { close, reopen } = await open();
  type("Name");
  close();
  reopen();
  await untilListening();
  pressBeside();
  expect(onClose).toHaveBeenCalledOnce();
});

test("what is asked for in a dialog can be typed at once", async () => {
  await open();
  expect(document.activeElement).toBe(screen.getByLabelText("Name"));
});
