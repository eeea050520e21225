import { useRef } from "react";
import { Button } from "../../components/button";
import { Dialog } from "../../components/dialog";
import { Switch } from "../../components/switch";
import { announce } from "../../lib/announce";
import { type CommandId, COMMANDS } from "../../lib/commands";
import { areChanged, resetBindings, useBindings } from "./bindings";
import { ShortcutLine } from "./shortcut-line";
import { useSingleKeys } from "./single-keys";

const SHORTCUTS = (Object.keys(COMMANDS) as CommandId[]).filter(
  (id) => COMMANDS[id].binding !== null,
);

/** Every shortcut, each with the way to other keys, and the switch for those of one key. */
export default function ShortcutsDialog({ onClose }: { readonly onClose: () => void }) {
  const [singleKeys, setSingleKeys] = useSingleKeys();
  const bindings = useBindings();
  const list = useRef<HTMLDListElement>(null);

  function reset() {
    resetBindings();
    announce("All shortcuts have their usual keys.");
    // The button that was pressed goes.
    list.current?.querySelector("button")?.focus();
  }

  return (
    <Dialog title="Keyboard shortcuts" open onClose={onClose}>
      <dl ref={list} className="divide-y divide-line">
        {SHORTCUTS.map((id) => (
          <ShortcutLine key={id} id={id} bindings={bindings} singleKeys={singleKeys} />
        ))}
      </dl>
      {areChanged(bindings) && (
        <Button size="small" className="mt-3" onClick={reset}>
          Reset to the usual keys
        </Button>
      )}
      <div className="mt-4 border-t border-line pt-4">
        <Switch label="Single-key shortcuts" checked={singleKeys} onChange={setSingleKeys} />
        <p className="mt-1.5 text-[13px] text-ink-2">
          Turn them off if a voice or a slip of the hand presses keys for you.
        </p>
      </div>
    </Dialog>
  );
}
