/** `6 December 2026`, in the zone of the person's browser. */
export function dayOf(time: number): string {
  return new Date(time).toLocaleDateString("en-GB", { dateStyle: "long" });
}

/** `6 December 2026 at 14:05`, in the zone of the person's browser. */
export function momentOf(time: number): string {
  return new Date(time).toLocaleString("en-GB", { dateStyle: "long", timeStyle: "short" });
}
