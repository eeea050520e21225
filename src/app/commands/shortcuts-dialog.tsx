import { Dialog } from "../../components/dialog";
import { Switch } from "../../components/switch";
import { COMMANDS } from "../../lib/commands";
import { Keys } from "./keys";
import { useSingleKeys } from "./single-keys";

/** Every shortcut, and the switch for those of one key. */
export default function ShortcutsDialog({ onClose }: { readonly onClose: () => void }) {
  const [singleKeys, setSingleKeys] = useSingleKeys();
  const shortcuts = Object.values(COMMANDS).filter(({ binding }) => binding !== null);
  return (
    <Dialog title="Keyboard shortcuts" open onClose={onClose}>
      <dl className="divide-y divide-line">
        {shortcuts.map(({ label, binding, single }) => (
          <div key={label} className="flex min-h-10 items-center gap-3">
            <dt className="flex-1">{label}</dt>
            <dd className="flex items-center gap-2 text-[13px] text-ink-2">
              {single !== null && singleKeys && (
                <>
                  <Keys binding={single} /> or
                </>
              )}
              {binding !== null && <Keys binding={binding} />}
            </dd>
          </div>
        ))}
      </dl>
      <div className="mt-4 border-t border-line pt-4">
        <Switch label="Single-key shortcuts" checked={singleKeys} onChange={setSingleKeys} />
        <p className="mt-1.5 text-[13px] text-ink-2">
          Turn them off if a voice or a slip of the hand presses keys for you.
        </p>
      </div>
    </Dialog>
  );
}
