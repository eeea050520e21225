/** How many tasks a project has in each status. */
interface Counts {
  readonly todo: number;
  readonly doing: number;
  readonly done: number;
}

/** `7 of 18 tasks done`, or that there are none. */
export function progressWords(counts: Counts): string {
  const total = totalOf(counts);
  if (total === 0) return "No tasks yet";
  return `${counts.done} of ${total} ${total === 1 ? "task" : "tasks"} done`;
}

/** From 0 to 1. */
export function progressShare(counts: Counts): number {
  const total = totalOf(counts);
  return total === 0 ? 0 : counts.done / total;
}

function totalOf({ todo, doing, done }: Counts): number {
  return todo + doing + done;
}
