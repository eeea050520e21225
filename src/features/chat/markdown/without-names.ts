/** As much of a tree of elements as is looked at here. */
interface TreeNode {
  properties?: Record<string, unknown>;
  children?: TreeNode[];
}

/**
 * A step of the renderer: no element keeps a name that the page, another answer or a script could
 * take for its own (`id="root"`). Links inside an answer are not followed, so nothing points there.
 */
export function withoutNames() {
  return (tree: TreeNode) => {
    const left = [tree];
    for (let node = left.pop(); node !== undefined; node = left.pop()) {
      for (const name of ["id", "name", "ariaDescribedBy", "ariaLabelledBy"]) {
        delete node.properties?.[name];
      }
      left.push(...(node.children ?? []));
    }
  };
}
