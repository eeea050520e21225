/** `6 December 2026`, in the zone of the person's browser. */
export function dayOf(time: number): string {
  return new Date(time).toLocaleDateString("en-GB", {
    day: "numeric",
    month: "long",
    year: "numeric",
  });
}

/** `6 December 2026, 14:05`, in the zone of the person's browser. */
export function momentOf(time: number): string {
  const clock = new Date(time).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  return `${dayOf(time)}, ${clock}`;
}
