/** As much of a tree of elements as is looked at here. */
interface TreeNode {
  readonly type: string;
  value?: string;
  children?: TreeNode[];
}

/** Deeper than any text that is meant to be read; far below what makes a browser stumble. */
const MAX_DEPTH = 60;

/** A step of the renderer: elements that lie too deep give way to the text in them. */
export function boundedDepth() {
  return (tree: TreeNode) => bound(tree, MAX_DEPTH);
}

function bound(node: TreeNode, depth: number) {
  if (node.children === undefined) return;
  if (depth > 0) for (const child of node.children) bound(child, depth - 1);
  else node.children = [{ type: "text", value: textIn(node) }];
}

/** Without recursion: what is too deep for the page may be too deep for the stack. */
function textIn(node: TreeNode): string {
  const left = [node];
  let text = "";
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (next.type === "text") text += next.value ?? "";
    for (const child of next.children?.toReversed() ?? []) left.push(child);
  }
  return text;
}
