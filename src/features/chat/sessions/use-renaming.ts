import { useState } from "react";

/**
 * A title that is changed in its place. What the person gives is shown from that moment; the
 * server's word takes its place.
 */
export function useRenaming(title: string, rename: (name: string) => Promise<void>) {
  const [isRenaming, setIsRenaming] = useState(false);
  const [given, setGiven] = useState<{ readonly before: string; readonly name: string } | null>(
    null,
  );

  /** @param name `null` to keep the old one */
  async function finish(name: string | null) {
    setIsRenaming(false);
    if (name === null) return;
    setGiven({ before: title, name });
    await rename(name);
    setGiven(null);
  }

  const shown = given?.before === title ? given.name : title;
  return { title: shown, isRenaming, begin: () => setIsRenaming(true), finish };
}
