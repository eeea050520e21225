import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { copyText } from "./copy-text";
import * as toast from "./toast";

beforeEach(() => {
  vi.spyOn(toast, "showToast").mockResolvedValue();
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  Reflect.deleteProperty(document, "execCommand");
});

/** A browser's older command: `answers` with what its event was given. */
function olderCommand(isAllowed: boolean) {
  const copied: string[] = [];
  const execCommand = () => {
    if (!isAllowed) return false;
    const clipboardData = { setData: (_: string, text: string) => copied.push(text) };
    document.dispatchEvent(Object.assign(new Event("copy"), { clipboardData }));
    return true;
  };
  Object.assign(document, { execCommand });
  return copied;
}

function withClipboard(clipboard: object | undefined) {
  vi.stubGlobal("navigator", { clipboard });
}

const refusing = { writeText: () => Promise.reject(new Error("Write permission denied.")) };

test("what the clipboard takes is not copied a second time", async () => {
  const writeText = vi.fn(() => Promise.resolve());
  withClipboard({ writeText });
  const copied = olderCommand(true);
  expect(await copyText("a\n b")).toBe(true);
  expect(writeText).toHaveBeenCalledExactlyOnceWith("a\n b");
  expect(copied).toEqual([]);
});

test.each([
  ["has no clipboard", undefined],
  ["refuses its clipboard", refusing],
])("a browser that %s copies by the older command", async (_, clipboard) => {
  withClipboard(clipboard);
  const copied = olderCommand(true);
  expect(await copyText("a\n b")).toBe(true);
  expect(copied).toEqual(["a\n b"]);
  expect(toast.showToast).not.toHaveBeenCalled();
});

test("copying that is refused altogether is said to have failed", async () => {
  withClipboard(refusing);
  olderCommand(false);
  expect(await copyText("a")).toBe(false);
  expect(toast.showToast).toHaveBeenCalledExactlyOnceWith(
    "error",
    "The browser did not allow copying. Select the text and copy it by hand.",
  );
});
