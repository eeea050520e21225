import type { Key } from "../values/key.ts";

/** Half-open: from `lower` up to, not including, `upper`. */
export interface Interval {
  readonly lower: Key;
  readonly upper: Key;
}

/**
 * Intervals of index keys with their owners, built to answer "whose interval holds this key?".
 *
 * A stab costs what it finds plus the logarithm of what there is, so that a write does not pay for
 * subscriptions that it does not touch. Intervals of one key alone, which every `db.get` makes,
 * live in a hash map; the rest in a treap ordered by `lower` that knows the greatest `upper` below
 * node.
 */
export class IntervalIndex<Owner> {
  readonly #points = new Map<Key, Set<Owner>>();
  #root: Node<Owner> | null = null;
  #size = 0;

  /** How many intervals are held. */
  get size(): number {
    return this.#size;
  }

  /** The same owner may hold many intervals, but must not add an equal one twice. */
  add(interval: Interval, owner: Owner): void {
    this.#size++;
    if (!isPoint(interval)) {
      const known = find(this.#root, interval);
      if (known !== null) known.owners.add(owner);
      else this.#root = insert(this.#root, newNode(interval, owner));
      return;
    }
    const key = interval.lower;
    const owners = this.#points.get(key);
    if (owners === undefined) this.#points.set(key, new Set([owner]));
    else owners.add(owner);
  }

  /** Takes out what was added with equal bounds for this owner, if anything. */
  remove(interval: Interval, owner: Owner): void {
    const key = isPoint(interval) ? interval.lower : null;
    const owners = key === null ? find(this.#root, interval)?.owners : this.#points.get(key);
    if (!owners?.delete(owner)) return;
    this.#size--;
    if (owners.size > 0) return;
    if (key === null) this.#root = removeNode(this.#root, interval);
    else this.#points.delete(key);
  }

  /** Calls `visit` for the owner of each interval that holds `key`; must not change the index. */
  stab(key: Key, visit: (owner: Owner) => void): void {
    const owners = this.#points.get(key);
    if (owners !== undefined) for (const owner of owners) visit(owner);
    stabNode(this.#root, key, visit);
  }
}

interface Node<Owner> {
  readonly lower: Key;
  readonly upper: Key;
  /** Of all intervals with these very bounds. */
  readonly owners: Set<Owner>;
  readonly priority: number;
  /** The greatest `upper` of this node and all below it. */
  maxUpper: Key;
  left: Node<Owner> | null;
  right: Node<Owner> | null;
}

function newNode<Owner>({ lower, upper }: Interval, owner: Owner): Node<Owner> {
  const owners = new Set([owner]);
  return {
    lower,
    upper,
    owners,
    priority: Math.random(),
    maxUpper: upper,
    left: null,
    right: null,
  };
}

/** True for the interval that holds one key and nothing else: its end is the key and a zero. */
function isPoint({ lower, upper }: Interval): boolean {
  return upper.length === lower.length + 1 && upper.endsWith("\0") && upper.startsWith(lower);
}

/** The order of the treap: by start, then by end. */
function compareIntervals(a: Interval, b: Interval): number {
  return compareKeys(a.lower, b.lower) || compareKeys(a.upper, b.upper);
}

function compareKeys(a: Key, b: Key): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function find<Owner>(root: Node<Owner> | null, interval: Interval): Node<Owner> | null {
  let node = root;
  while (node !== null) {
    const order = compareIntervals(interval, node);
    if (order === 0) return node;
    node = order < 0 ? node.left : node.right;
  }
  return null;
}

function refresh<Owner>(node: Node<Owner>): Node<Owner> {
  let { upper } = node;
  for (const child of [node.left, node.right]) {
    if (child !== null && child.maxUpper > upper) upper = child.maxUpper;
  }
  node.maxUpper = upper;
  return node;
}

function insert<Owner>(root: Node<Owner> | null, node: Node<Owner>): Node<Owner> {
  if (root === null) return node;
  if (node.priority > root.priority) {
    [node.left, node.right] = split(root, node);
    return refresh(node);
  }
  if (compareIntervals(node, root) < 0) root.left = insert(root.left, node);
  else root.right = insert(root.right, node);
  return refresh(root);
}

/** Those ordered before `bound`, and the others. */
function split<Owner>(
  root: Node<Owner> | null,
  bound: Interval,
): [Node<Owner> | null, Node<Owner> | null] {
  if (root === null) return [null, null];
  if (compareIntervals(root, bound) < 0) {
    const [before, after] = split(root.right, bound);
    root.right = before;
    return [refresh(root), after];
  }
  const [before, after] = split(root.left, bound);
  root.left = after;
  return [before, refresh(root)];
}

function merge<Owner>(before: Node<Owner> | null, after: Node<Owner> | null): Node<Owner> | null {
  if (before === null) return after;
  if (after === null) return before;
  if (before.priority > after.priority) {
    before.right = merge(before.right, after);
    return refresh(before);
  }
  after.left = merge(before, after.left);
  return refresh(after);
}

function removeNode<Owner>(root: Node<Owner> | null, interval: Interval): Node<Owner> | null {
  if (root === null) return null;
  const order = compareIntervals(interval, root);
  if (order === 0) return merge(root.left, root.right);
  if (order < 0) root.left = removeNode(root.left, interval);
  else root.right = removeNode(root.right, interval);
  return refresh(root);
}

function stabNode<Owner>(node: Node<Owner> | null, key: Key, visit: (owner: Owner) => void): void {
  if (node === null || node.maxUpper <= key) return;
  stabNode(node.left, key, visit);
  if (node.lower > key) return;
  if (key < node.upper) {
    for (const owner of node.owners) visit(owner);
  }
  stabNode(node.right, key, visit);
}
