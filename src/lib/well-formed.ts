/**
 * The same with U+FFFD for each half of a surrogate pair. A paste may hold one where another program
 * cut a character in two; it is no Unicode, and Convex takes nothing more from a client that sends it.
 */
export function wellFormed<Value>(value: Value): Value {
  if (typeof value === "string") return value.toWellFormed() as Value;
  if (Array.isArray(value)) return value.map(wellFormed) as Value;
  if (typeof value !== "object" || value === null || value instanceof ArrayBuffer) return value;
  const fields = Object.entries(value).map(([name, field]) => [name, wellFormed<unknown>(field)]);
  return Object.fromEntries(fields) as Value;
}
