/** A greeting for the person's own time of day, by name when there is one. */
export function greeting(now: Date, name = ""): string {
  const words = wordsFor(now.getHours());
  return name === "" ? `${words}.` : `${words}, ${name}.`;
}

function wordsFor(hour: number): string {
  if (hour < 5) return "Good night";
  if (hour < 12) return "Good morning";
  if (hour < 18) return "Good afternoon";
  return "Good evening";
}
