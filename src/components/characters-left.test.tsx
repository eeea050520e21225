import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { useState } from "react";
import { afterEach, expect, test } from "vitest";
import { Announcer } from "./announcer";
import { TextArea, TextField } from "./field";

afterEach(cleanup);

function Form() {
  const [name, setName] = useState("");
  const [notes, setNotes] = useState("");
  return (
    <>
      <TextField
        label="Name"
        maxLength={20}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <TextArea
        label="Notes"
        maxLength={2_000}
        value={notes}
        onChange={(event) => setNotes(event.target.value)}
      />
      <Announcer />
    </>
  );
}

function type(label: string, characters: number) {
  fireEvent.change(screen.getByLabelText(label), { target: { value: "x".repeat(characters) } });
}
const spoken = () => screen.getByRole("status").textContent.trim();

test("a field that is cut at a limit says how much is left near it, and once to screen readers", () => {
  render(<Form />);
  type("Name", 9);
  expect(screen.queryByText(/left/)).toBeNull();
  type("Name", 10);
  expect(screen.getByText("10 left")).toBeTruthy();
  const said = spoken();
  expect(said).toBe("Few characters are left.");
  type("Name", 12);
  expect(screen.getByText("8 left")).toBeTruthy();
  expect(spoken()).toBe(said);
  type("Name", 20);
  expect(spoken()).toBe("Full: at most 20 characters");
  type("Name", 2);
  expect(screen.queryByText(/left|Full/, { ignore: "[role=status]" })).toBeNull();
});

test("of a long text the last tenth is near the limit", () => {
  render(<Form />);
  type("Notes", 1_799);
  expect(screen.queryByText(/left/, { ignore: "[role=status]" })).toBeNull();
  type("Notes", 1_800);
  expect(screen.getByText("200 left")).toBeTruthy();
});
