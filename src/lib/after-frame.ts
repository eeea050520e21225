/**
 * Calls `work` once the page as it is now has been laid out and painted. For what needs the layout,
 * as the focus does: it would have it made at once, within the task that changes the page.
 *
 * @returns what calls it off
 */
export function afterFrame(work: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const frame = requestAnimationFrame(() => {
    timer = setTimeout(work);
  });
  return () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
}
