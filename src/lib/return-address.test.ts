import { expect, test } from "vitest";
import { returnAddress, signInAddress } from "./return-address";

test("a private page's address comes back after signing in", () => {
  const { search } = new URL(signInAddress("/chat/CH-000042?find=tides"), "http://x");
  expect(returnAddress(search)).toBe("/chat/CH-000042?find=tides");
});

test("the front page needs no reminder", () => {
  expect(signInAddress("/")).toBe("/sign-in");
  expect(returnAddress("")).toBe("/");
});

test.each([
  "https://evil.example",
  "//evil.example/x",
  "/\\evil.example",
  "/\t/evil.example",
  "/.//evil.example",
  "/chat/..//evil.example",
  "javascript:alert(1)",
])("%j leads home and nowhere else", (wanted) => {
  expect(returnAddress(`?${new URLSearchParams({ to: wanted })}`)).toBe("/");
});
