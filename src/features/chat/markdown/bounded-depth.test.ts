import { expect, test } from "vitest";
import { boundedDepth } from "./bounded-depth";

type Node = { type: string; value?: string; children?: Node[] };

function nested(depth: number, text: string): Node {
  let node: Node = { type: "text", value: text };
  for (let i = 0; i < depth; i++) node = { type: "element", children: [node] };
  return { type: "root", children: [node, { type: "text", value: " after" }] };
}

function depthOf(node: Node): number {
  let depth = 0;
  for (let at: Node | undefined = node; at; at = at.children?.[0]) depth += 1;
  return depth;
}

test("a tree that is not too deep stays as it is", () => {
  const tree = nested(20, "words");
  boundedDepth()(tree);
  expect(tree).toEqual(nested(20, "words"));
});

test("what lies too deep keeps its words and loses its elements", () => {
  const tree = nested(100_000, "words");
  boundedDepth()(tree);
  expect(depthOf(tree)).toBeLessThan(70);
  let deepest: Node | undefined = tree;
  while (deepest?.children) deepest = deepest.children[0];
  expect(deepest?.value).toBe("words");
  expect(tree.children?.[1]?.value).toBe(" after");
});
