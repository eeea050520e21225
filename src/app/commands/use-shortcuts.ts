import { useEffect } from "react";
import { tinykeys } from "tinykeys";
import { type CommandId, COMMANDS, runCommand } from "../../lib/commands";
import { useBindings } from "./bindings";
import { singleKeysAreOn } from "./single-keys";

/** Binds every command's keys for as long as the caller is on the page, anew when they change. */
export function useShortcuts() {
  const bindings = useBindings();
  useEffect(() => {
    const handlers: Record<string, (event: KeyboardEvent) => void> = {};
    for (const id of Object.keys(COMMANDS) as CommandId[]) {
      const binding = bindings[id];
      const { single } = COMMANDS[id];
      if (binding !== null) handlers[binding] = (event) => run(event, id, false);
      if (single === null) continue;
      const runSingle = (event: KeyboardEvent) => {
        if (singleKeysAreOn() && !isTyping(event)) run(event, id, true);
      };
      // Some keyboards have a character of its own key where others need Shift for it.
      handlers[`[Shift]+${single}`] = runSingle;
    }
    return tinykeys(window, handlers, { ignore: () => false });
  }, [bindings]);
}

function run(event: KeyboardEvent, id: CommandId, bySingleKey: boolean) {
  // Whoever was nearer to the key has answered it, or an input method is at work.
  if (event.defaultPrevented || event.isComposing || somethingIsOpen()) return;
  if (runCommand(id, bySingleKey)) event.preventDefault();
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
