import { cleanup, render } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { MarkdownRenderer } from "./markdown-renderer";

afterEach(cleanup);

test("paragraphs, lists and quotes go the way their words do, each on its own", () => {
  const text = "- one\n- two\n\n1. عنصر\n2. two\n\n> quote\n\n> اقتباس\n\nفقرة\n\nfin";
  const { container } = render(<MarkdownRenderer text={text} state="whole" />);
  const directions = [...container.querySelectorAll(".markdown > *")].map(
    (element) => element.tagName + (element.getAttribute("dir") ?? ""),
  );
  expect(directions).toEqual(["UL", "OLauto", "BLOCKQUOTE", "BLOCKQUOTEauto", "Pauto", "P"]);
});
