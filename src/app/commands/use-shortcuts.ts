import { useEffect } from "react";
import { tinykeys } from "tinykeys";
import { type CommandId, COMMANDS, runCommand } from "../../lib/commands";
import { singleKeysAreOn } from "./single-keys";

/** Binds every command's keys for as long as the caller is on the page. */
export function useShortcuts() {
  useEffect(() => {
    const bindings: Record<string, (event: KeyboardEvent) => void> = {};
    for (const [id, { binding, single }] of Object.entries(COMMANDS) as Entries) {
      if (binding !== null) bindings[binding] = (event) => run(event, id);
      if (single === null) continue;
      const runSingle = (event: KeyboardEvent) => {
        if (singleKeysAreOn() && !isTyping(event)) run(event, id);
      };
      // Some keyboards have a character of its own key where others need Shift for it.
      bindings[`[Shift]+${single}`] = runSingle;
    }
    return tinykeys(window, bindings, { ignore: () => false });
  }, []);
}

type Entries = [CommandId, { binding: string | null; single: string | null }][];

function run(event: KeyboardEvent, id: CommandId) {
  // Whoever was nearer to the key has answered it, or an input method is at work.
  if (event.defaultPrevented || event.isComposing || somethingIsOpen()) return;
  if (runCommand(id)) event.preventDefault();
}

/** A dialog or a menu has the keys to itself. */
function somethingIsOpen(): boolean {
  return document.querySelector("[role=dialog][data-state=open], [role=menu]") !== null;
}

function isTyping({ target }: KeyboardEvent): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.closest("input, textarea, select") !== null)
  );
}
