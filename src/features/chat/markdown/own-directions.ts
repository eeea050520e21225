/** As much of a tree of elements as is looked at here. */
interface TreeNode {
  readonly tagName?: string;
  readonly value?: string;
  properties?: Record<string, unknown>;
  children?: TreeNode[];
}

/** Hebrew, Arabic and the other scripts that are written from right to left. */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;
/** What has its marks on the side where its words begin. A paragraph's own direction is the style's. */
const SIDED = new Set(["ul", "ol", "blockquote"]);

/** A step of the renderer: lists and quotes with words from right to left go the way they begin. */
export function ownDirections() {
  return (tree: TreeNode) => void turn(tree);
}

/** Says whether there are such words in it. The tree's depth is bounded. */
function turn(node: TreeNode): boolean {
  let isTurned = RIGHT_TO_LEFT.test(node.value ?? "");
  for (const child of node.children ?? []) if (turn(child)) isTurned = true;
  if (isTurned && SIDED.has(node.tagName ?? "")) {
    node.properties = { ...node.properties, dir: "auto" };
  }
  return isTurned;
}
