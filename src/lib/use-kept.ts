import { replaceEqualDeep } from "@tanstack/react-query";
import { useMemo, useState } from "react";

interface Keyed {
  readonly key: string;
}

/**
 * The rows of a list, each the same object as before as long as it says the same. The server sends
 * a list whole when one row of it changes; only that row is then drawn again.
 */
export function useKept<Row extends Keyed>(rows: readonly Row[]): readonly Row[] {
  const [keep] = useState(keeper<Row>);
  return useMemo(() => keep(rows), [keep, rows]);
}

/** @returns what gives each row of a list as it gave the one of that key before, when they are equal */
export function keeper<Row extends Keyed>(): (rows: readonly Row[]) => readonly Row[] {
  let kept = new Map<string, Row>();
  return (rows) => {
    const next = rows.map((row) => replaceEqualDeep(kept.get(row.key), row));
    kept = new Map(next.map((row) => [row.key, row]));
    return next;
  };
}
