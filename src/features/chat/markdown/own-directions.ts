/** As much of a tree of elements as is looked at here. */
interface TreeNode {
  readonly tagName?: string;
  readonly value?: string;
  properties?: Record<string, unknown>;
  children?: TreeNode[];
}

/** Hebrew, Arabic and the other scripts that are written from right to left. */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;
const BLOCKS = new Set([
  "p",
  "h1",
  "h2",
  "h3",
  "h4",
  "h5",
  "h6",
  "ul",
  "ol",
  "li",
  "blockquote",
  "th",
  "td",
]);

/**
 * A step of the renderer: a block with words from right to left goes the way it begins. All others
 * stay as they are, so that they cost the browser nothing.
 */
export function ownDirections() {
  return (tree: TreeNode) => void turn(tree);
}

/** Says whether there are such words in it. The tree's depth is bounded. */
function turn(node: TreeNode): boolean {
  let isTurned = RIGHT_TO_LEFT.test(node.value ?? "");
  for (const child of node.children ?? []) if (turn(child)) isTurned = true;
  if (isTurned && BLOCKS.has(node.tagName ?? "")) {
    node.properties = { ...node.properties, dir: "auto" };
  }
  return isTurned;
}
