import { afterEach, expect, test } from "vitest";
import { readConvexAddress } from "./convex-address";

function pageWith(content: string | null) {
  document.head.innerHTML =
    content === null ? "" : `<meta name="convex-url" content="${content}" />`;
  return readConvexAddress(document);
}

afterEach(() => {
  document.head.innerHTML = "";
});

test("an address that was filled in is used, without its trailing slash", () => {
  expect(pageWith("http://127.0.0.1:3210/")).toEqual({ kind: "set", url: "http://127.0.0.1:3210" });
});

test.each([null, "", "  ", "%VITE_CONVEX_URL%"])("%o counts as unset, never as a default", (v) => {
  expect(pageWith(v)).toEqual({ kind: "unset" });
});

test.each(["javascript:alert(1)", "127.0.0.1:3210", "http://"])("%s is refused", (value) => {
  expect(pageWith(value)).toEqual({ kind: "invalid", value });
});
