import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { useKeptPlace } from "./use-kept-focus";

afterEach(cleanup);

function Tasks({ titles }: { readonly titles: readonly string[] }) {
  return (
    <ul {...useKeptPlace()}>
      {titles.map((title) => (
        <li key={title}>
          <button type="button">Open {title}</button>
          <button type="button">Delete {title}</button>
        </li>
      ))}
    </ul>
  );
}

const button = (name: string) => screen.getByRole("button", { name });

test("the focus of a row that goes away goes to the same button of the row that takes its place", () => {
  const { rerender } = render(<Tasks titles={["oven", "lease", "flour"]} />);
  button("Delete lease").focus();
  rerender(<Tasks titles={["oven", "flour"]} />);
  expect(document.activeElement).toBe(button("Delete flour"));
  rerender(<Tasks titles={["oven"]} />);
  expect(document.activeElement).toBe(button("Delete oven"));
  rerender(<Tasks titles={[]} />);
  rerender(<Tasks titles={["salt"]} />);
  expect(document.activeElement).toBe(document.body);
});

test("a list takes no focus that it did not have", () => {
  const { rerender } = render(<Tasks titles={["oven", "lease"]} />);
  button("Open oven").focus();
  button("Open oven").blur();
  rerender(<Tasks titles={["lease"]} />);
  expect(document.activeElement).toBe(document.body);
});
