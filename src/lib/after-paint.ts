/** A page in the background paints nothing: it is waited for so long, in milliseconds. */
const UNSEEN_MS = 500;
/**
 * A page that counts as visible may be given a frame only twice a second, because it lies behind
 * another one. That says nothing of what a picture costs: so long it is waited for, in milliseconds.
 */
const UNPAINTED_MS = 100;

/**
 * Calls `then` once the page as it is now has been laid out and painted, or would have been if
 * anybody saw it. Returns what calls it off.
 */
export function afterPaint(then: () => void): () => void {
  let isDone = false;
  const end = () => {
    isDone = true;
    clearTimeout(timer);
  };
  const once = () => {
    if (isDone) return;
    end();
    then();
  };
  const timer = setTimeout(once, document.hidden ? UNSEEN_MS : UNPAINTED_MS);
  if (document.hidden) return end;
  requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener("message", () => {
      port1.close();
      once();
    });
    port1.start();
    port2.postMessage(null);
  });
  return end;
}
