import { renderHook } from "@testing-library/react";
import { expect, test } from "vitest";
import { useStable } from "./use-stable";

test("the function stays the same one and does what the newest does", () => {
  const { result, rerender } = renderHook(({ word }) => useStable(() => word), {
    initialProps: { word: "tides" },
  });
  const before = result.current;
  rerender({ word: "moons" });
  expect(result.current).toBe(before);
  expect(before()).toBe("moons");
});
