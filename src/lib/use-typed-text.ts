import { useEffect, useState } from "react";
import { useViewerId } from "./viewer";

/**
 * What a person types in `place` and has not yet used, kept in this browser per person, so that it
 * survives a reload and another page in between, and is the same in all tabs. Emptied, it is
 * `initial` again the next time.
 */
export function useTypedText(
  place: string,
  initial = "",
): readonly [string, (text: string) => void] {
  const key = `parley:typed:${useViewerId()}:${place}`;
  const [text, setText] = useState(() => read(key) ?? initial);
  useEffect(() => {
    const onStorage = (event: StorageEvent) => {
      if (event.key === key) setText(event.newValue ?? "");
    };
    window.addEventListener("storage", onStorage);
    return () => window.removeEventListener("storage", onStorage);
  }, [key]);
  return [
    text,
    (next) => {
      setText(next);
      write(key, next);
    },
  ];
}

function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** Storage that is full or forbidden must not stop anybody from typing. */
function write(key: string, text: string) {
  try {
    if (text === "") localStorage.removeItem(key);
    else localStorage.setItem(key, text);
  } catch {
    // See above.
  }
}
