import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { useState } from "react";
import { afterEach, expect, test, vi } from "vitest";
import { ATTACHMENT_MAX_CHARACTERS, LONG_PASTE_CHARACTERS } from "../../../../convex/chat/limits";
import { Composer, type ComposerState } from "./composer";
import type { DraftAttachment } from "./drafts";

afterEach(cleanup);

interface Shown {
  readonly state?: ComposerState;
  readonly initial?: string;
  readonly onQueue?: (text: string) => void;
}

function show({ state = { kind: "ready" }, initial = "", onQueue }: Shown = {}) {
  const onSend = vi.fn();
  function Harness() {
    const [text, setText] = useState(initial);
    const [attachments, setAttachments] = useState<readonly DraftAttachment[]>([]);
    return (
      <Composer
        text={text}
        onType={setText}
        attachments={attachments}
        onAttachments={(attached, put) => {
          setAttachments(attached);
          if (put !== undefined) setText(put);
        }}
        onSend={onSend}
        onQueue={onQueue}
        state={state}
        price="3 credits"
        maxCharacters={100}
      />
    );
  }
  render(<Harness />);
  return { onSend, field: screen.getByRole<HTMLTextAreaElement>("textbox", { name: "Message" }) };
}

const type = (field: HTMLElement, value: string) => fireEvent.change(field, { target: { value } });

test("Enter sends what was typed, without the blanks around it", () => {
  const { onSend, field } = show();
  type(field, "  How high is the tide?\n");
  expect(fireEvent.keyDown(field, { key: "Enter" })).toBe(false);
  expect(onSend).toHaveBeenCalledExactlyOnceWith("How high is the tide?");
});

test("Shift and Enter break the line", () => {
  const { onSend, field } = show({ initial: "one" });
  expect(fireEvent.keyDown(field, { key: "Enter", shiftKey: true })).toBe(true);
  expect(onSend).not.toHaveBeenCalled();
});

test.each([
  ["while composing", { isComposing: true }],
  ["with key code 229, as Safari has it", { keyCode: 229 }],
])("Enter that confirms a candidate of an input method does not send: %s", (_, event) => {
  const { onSend, field } = show({ initial: "潮の" });
  fireEvent.keyDown(field, { key: "Enter", ...event });
  expect(onSend).not.toHaveBeenCalled();
});

test("nothing, blanks, what nobody sees or too much cannot be sent", () => {
  const { onSend, field } = show();
  const button = screen.getByRole<HTMLButtonElement>("button", { name: "Send message" });
  expect(button.disabled).toBe(true);
  for (const unseen of ["   \n ", "\u200b", " \u200e\u2069 "]) {
    type(field, unseen);
    expect(button.disabled).toBe(true);
  }
  type(field, "x".repeat(101));
  fireEvent.keyDown(field, { key: "Enter" });
  expect(button.disabled).toBe(true);
  expect(onSend).not.toHaveBeenCalled();
  expect(screen.getByText("1 over the limit")).toBeTruthy();
});

test("while an answer is written, Stop stands in Send's place and typing goes on", () => {
  const onStop = vi.fn();
  const { onSend, field } = show({ state: { kind: "answering", onStop } });
  expect(screen.queryByRole("button", { name: "Send message" })).toBeNull();
  type(field, "And tomorrow?");
  fireEvent.keyDown(field, { key: "Enter" });
  expect(onSend).not.toHaveBeenCalled();
  expect(field.value).toBe("And tomorrow?");
  fireEvent.click(screen.getByRole("button", { name: "Stop generating" }));
  expect(onStop).toHaveBeenCalledOnce();
});

test("while an answer is written, a message is put into the queue, by Enter and by its button", () => {
  const onQueue = vi.fn();
  const { onSend, field } = show({ state: { kind: "answering", onStop: vi.fn() }, onQueue });
  expect(screen.queryByRole("button", { name: "Queue message" })).toBeNull();
  type(field, " And tomorrow? ");
  fireEvent.keyDown(field, { key: "Enter" });
  fireEvent.click(screen.getByRole("button", { name: "Queue message" }));
  expect(onQueue.mock.calls).toEqual([["And tomorrow?"], ["And tomorrow?"]]);
  expect(onSend).not.toHaveBeenCalled();
});

function paste(field: HTMLElement, text: string) {
  return fireEvent.paste(field, { clipboardData: { getData: () => text } });
}

test("a long paste becomes an attachment, which can be opened, changed, put back and removed", async () => {
  const { field } = show({ initial: "Sum this up" });
  expect(paste(field, "short")).toBe(true);
  const long = "x".repeat(LONG_PASTE_CHARACTERS + 1);
  expect(paste(field, long)).toBe(false);
  expect(field.value).toBe("Sum this up");

  fireEvent.click(screen.getByRole("button", { name: "Open Pasted text" }));
  const text = await screen.findByRole<HTMLTextAreaElement>("textbox", { name: "Attached text" });
  expect(text.value).toBe(long);
  type(text, "shorter");
  fireEvent.click(screen.getByRole("button", { name: "Save" }));
  const chip = screen.getByRole("button", { name: "Open Pasted text" });
  expect(chip.textContent).toContain("7 characters");

  fireEvent.click(chip);
  fireEvent.click(await screen.findByRole("button", { name: "Put into the message" }));
  expect(screen.queryByRole("button", { name: "Open Pasted text" })).toBeNull();
  expect(field.value).toBe("Sum this up\n\nshorter");

  paste(field, long);
  fireEvent.click(screen.getByRole("button", { name: "Remove Pasted text" }));
  expect(screen.queryByRole("button", { name: "Open Pasted text" })).toBeNull();
});

test("a text over the limit can be made an attachment", () => {
  const { field } = show({ initial: "x".repeat(101) });
  fireEvent.click(screen.getByRole("button", { name: "Make it an attachment" }));
  expect(field.value).toBe("");
  expect(screen.getByRole("button", { name: "Open Long text" })).toBeTruthy();
});

test("a paste that cannot be attached is pasted as ever", () => {
  const { field } = show();
  expect(paste(field, `a\0${"x".repeat(LONG_PASTE_CHARACTERS)}`)).toBe(true);
  for (let i = 0; i < 5; i++) paste(field, "x".repeat(LONG_PASTE_CHARACTERS + 1));
  expect(screen.getAllByRole("button", { name: "Open Pasted text" })).toHaveLength(5);
  expect(paste(field, "x".repeat(LONG_PASTE_CHARACTERS + 1))).toBe(true);
});

const small = new File(["one line"], "notes.txt");
const huge = (name: string) => new File(["x".repeat(4 * ATTACHMENT_MAX_CHARACTERS + 1)], name);
const opener = (name: string) => screen.findByRole("button", { name: `Open ${name}` });
const alertLines = () => [...screen.getByRole("alert").children].map((line) => line.textContent);

test("of several files those that fit are attached, and each of the others is named", async () => {
  show();
  const binary = new File(["a\0b"], "picture.png");
  const files = [huge("a.log"), small, binary, huge("b.log")];
  fireEvent.change(document.querySelector("input[type=file]")!, { target: { files } });
  await opener("notes.txt");
  expect(screen.getAllByRole("button", { name: /^Open / })).toHaveLength(1);
  expect(alertLines()).toEqual([
    expect.stringMatching(/^“a.log” is too long/),
    expect.stringMatching(/^“b.log” is too long/),
    "“picture.png” is not a text file. Only those can be attached.",
  ]);
});

test("files beyond the number that a message takes are named too", async () => {
  show();
  const files = Array.from({ length: 7 }, (_, i) => new File(["one line"], `${i}.txt`));
  fireEvent.change(document.querySelector("input[type=file]")!, { target: { files } });
  await opener("4.txt");
  expect(alertLines()).toEqual([
    expect.stringMatching(/^“5.txt” is one too many/),
    expect.stringMatching(/^“6.txt” is one too many/),
  ]);
});

test("files that are dropped anywhere on the page are attached, and the browser opens none", async () => {
  show();
  const dataTransfer = { types: ["Files"], files: [small] };
  expect(fireEvent.dragOver(document.body, { dataTransfer })).toBe(false);
  expect(fireEvent.drop(document.body, { dataTransfer })).toBe(false);
  await opener("notes.txt");
  // A link that is dragged to another place goes there.
  expect(fireEvent.drop(document.body, { dataTransfer: { types: ["text/uri-list"] } })).toBe(true);
});
