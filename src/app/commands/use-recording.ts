import { useEffect, useEffectEvent, useRef, useState } from "react";
import { announce } from "../../lib/announce";
import { type CommandId, COMMANDS } from "../../lib/commands";
import { type Bindings, chooseBinding } from "./bindings";
import { bindingOf, refusalOf, spoken } from "./record-keys";

/**
 * Takes the next keys that are pressed as those of a command. Refused keys change nothing, and
 * others can be pressed. Esc cancels, and so does who leaves the `button`.
 */
export function useRecording(id: CommandId, bindings: Bindings) {
  const [recording, setRecording] = useState<{ readonly refusal: string | null } | null>(null);
  const button = useRef<HTMLButtonElement>(null);
  const isRecording = recording !== null;
  const { label } = COMMANDS[id];

  function start() {
    // Not every browser focuses a button that is clicked.
    button.current?.focus();
    setRecording({ refusal: null });
    announce(`Press the new keys for “${label}”. Esc cancels.`);
  }
  function cancel() {
    setRecording(null);
    announce(`The keys for “${label}” stay as they are.`);
  }
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    const binding = bindingOf(event);
    // Moves the focus on as always: nobody is kept here.
    if (binding === "Tab" || binding === "Shift+Tab") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    // The key that pressed the button may still be down.
    if (binding === null || event.repeat || event.isComposing) return;
    if (binding === "Escape") return cancel();
    const refusal = refusalOf(binding, id, bindings);
    if (refusal !== null) {
      setRecording({ refusal });
      return announce(refusal);
    }
    chooseBinding(id, binding);
    setRecording(null);
    announce(`The keys for “${label}” are now ${spoken(binding)}.`);
  });
  const onFocus = useEffectEvent(({ target }: FocusEvent) => {
    if (target !== button.current) cancel();
  });
  useEffect(() => {
    if (!isRecording) return;
    const off = new AbortController();
    const { signal } = off;
    // Before anything else on the page: the dialog would close on Esc.
    window.addEventListener("keydown", (event) => onKey(event), { capture: true, signal });
    // Not when the focus leaves but when it has arrived: in between, the dialog takes it to itself as
    // soon as it sees that something was removed.
    document.addEventListener("focusin", (event) => onFocus(event), { signal });
    return () => off.abort();
  }, [isRecording]);

  return { button, isRecording, refusal: recording?.refusal ?? null, start, cancel };
}
