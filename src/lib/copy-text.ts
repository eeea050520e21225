import { showToast } from "./toast";

/**
 * Puts a text on the clipboard, and says so where that could not be. Returns whether it is there.
 * The browser may have no clipboard interface (a page without TLS) or refuse it; then the older
 * command does it, which every browser allows within a press. Call it from one.
 */
export async function copyText(text: string): Promise<boolean> {
  const isCopied = (await copyByInterface(text)) || copyByCommand(text);
  if (!isCopied)
    void showToast(
      "error",
      "The browser did not allow copying. Select the text and copy it by hand.",
    );
  return isCopied;
}

async function copyByInterface(text: string): Promise<boolean> {
  // Absent outside of secure contexts, whatever its type says.
  const clipboard = navigator.clipboard as Clipboard | undefined;
  if (clipboard === undefined) return false;
  return await clipboard.writeText(text).then(
    () => true,
    () => false,
  );
}

/** Answers the copying itself, so that nothing must be selected and the focus stays where it is. */
function copyByCommand(text: string): boolean {
  let isAnswered = false;
  const ended = new AbortController();
  const options = { capture: true, signal: ended.signal };
  // Without a selection some browsers copy only where this is said to be possible.
  document.addEventListener("beforecopy", (event) => event.preventDefault(), options);
  document.addEventListener(
    "copy",
    (event) => {
      event.preventDefault();
      event.stopImmediatePropagation();
      event.clipboardData?.setData("text/plain", text);
      isAnswered = event.clipboardData !== null;
    },
    options,
  );
  const isDone = document.execCommand("copy");
  ended.abort();
  return isDone && isAnswered;
}
