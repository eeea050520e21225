/** One measured figure beside its baseline in the same run. */
export interface Figure {
  readonly measure: string;
  readonly name: string;
  readonly unit: "ms" | "bytes" | "answers" | "ratio" | "count" | "per second";
  readonly value: number;
  /** What the same costs without Parley, measured in the same run; null where there is no such thing. */
  readonly baseline: number | null;
  /** The most that `value` may be; null where nothing is promised. */
  readonly limit: number | null;
  /** The least that `value` may be. */
  readonly atLeast?: number;
}

/** Makes the figures of a measure that counts something, which has no baseline. */
export function countsOf(measure: string) {
  return (name: string, value: number, limit: number | null = null): Figure => ({
    measure,
    name,
    unit: "count",
    value,
    baseline: null,
    limit,
  });
}

/** The value below which that share of all values lies; 0.5 is the median. */
export function quantile(values: readonly number[], share: number): number {
  return ranked(values, (value) => value, share);
}

/** The round that is the median of all by that number. */
export function middle<Round>(rounds: readonly Round[], by: (round: Round) => number): Round {
  return ranked(rounds, by, 0.5);
}

function ranked<Item>(items: readonly Item[], by: (item: Item) => number, share: number): Item {
  const sorted = items.toSorted((a, b) => by(a) - by(b));
  const item = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  if (item === undefined) throw new Error("Nothing was measured.");
  return item;
}

export function isWithin({ value, limit, atLeast = -Infinity }: Figure): boolean {
  return value >= atLeast && (limit === null || value <= limit);
}

/** The figures as a table for people. */
export function table(figures: readonly Figure[]): string {
  const rows = [
    ["measure", "figure", "Parley", "baseline", "to reach", ""],
    ...figures.map((figure) => [
      figure.measure,
      figure.name,
      shown(figure.value, figure.unit),
      figure.baseline === null ? "–" : shown(figure.baseline, figure.unit),
      toReach(figure),
      isWithin(figure) ? "" : "MISSED",
    ]),
  ];
  const widths = rows[0]?.map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => {
          const width = widths?.[column] ?? 0;
          return column < 2 ? cell.padEnd(width) : cell.padStart(width);
        })
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function toReach({ limit, atLeast, unit }: Figure): string {
  if (atLeast !== undefined) return `≥ ${shown(atLeast, unit)}`;
  return limit === null ? "–" : `≤ ${shown(limit, unit)}`;
}

function shown(value: number, unit: Figure["unit"]): string {
  if (unit === "ms") return `${value.toFixed(0)} ms`;
  if (unit === "bytes") return `${(value / 1000).toFixed(1)} kB`;
  if (unit === "per second") return `${value.toFixed(0)}/s`;
  return unit === "ratio" ? value.toFixed(2) : String(value);
}
