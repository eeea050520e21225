import { act, cleanup, render, screen } from "@testing-library/react";
import { Component, type ReactNode } from "react";
import { afterEach, expect, test, vi } from "vitest";
import { onDemand } from "./on-demand";

function Hello({ name }: { readonly name: string }) {
  return <p>Hello {name}</p>;
}

class Failures extends Component<{ children: ReactNode }, { message: string | null }> {
  override state = { message: null };
  static getDerivedStateFromError = (error: Error) => ({ message: error.message });
  override render = () => this.state.message ?? this.props.children;
}

const settled = () => act(async () => undefined);

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

test("nothing is fetched before it is shown, and nothing is shown before it is fetched", async () => {
  const script = Promise.withResolvers<{ default: typeof Hello }>();
  const load = vi.fn(() => script.promise);
  const OnDemand = onDemand(load);
  expect(load).not.toHaveBeenCalled();
  const { container } = render(<OnDemand name="Ann" />);
  await settled();
  expect(container.textContent).toBe("");
  script.resolve({ default: Hello });
  await settled();
  screen.getByText("Hello Ann");
});

test("what was prepared is shown at once, in every place, and fetched once", async () => {
  const load = vi.fn(async () => ({ default: Hello }));
  const OnDemand = onDemand(load);
  OnDemand.prepare();
  await settled();
  render(
    <>
      <OnDemand name="Ann" />
      <OnDemand name="Ben" />
    </>,
  );
  screen.getByText("Hello Ann");
  screen.getByText("Hello Ben");
  await settled();
  expect(load).toHaveBeenCalledTimes(1);
});

test("a script that cannot be fetched is an error of the page, and asked for again the next time", async () => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  const load = vi.fn(async () => ({ default: Hello }));
  load.mockRejectedValueOnce(new Error("no line"));
  load.mockRejectedValueOnce(new Error("still no line"));
  const OnDemand = onDemand(load);
  OnDemand.prepare();
  await settled();
  const shown = () =>
    render(
      <Failures>
        <OnDemand name="Ann" />
      </Failures>,
    );
  const { unmount } = shown();
  await settled();
  screen.getByText("still no line");
  unmount();
  shown();
  await settled();
  screen.getByText("Hello Ann");
});

test("one that is gone before its script is there takes no notice of it", async () => {
  const script = Promise.withResolvers<{ default: typeof Hello }>();
  const OnDemand = onDemand(() => script.promise);
  const { unmount } = render(
    <Failures>
      <OnDemand name="Ann" />
    </Failures>,
  );
  unmount();
  script.reject(new Error("no line"));
  await settled();
});
