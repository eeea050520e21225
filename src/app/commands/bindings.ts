import { useSyncExternalStore } from "react";
import { BrowserSetting } from "../../lib/browser-setting";
import { type CommandId, COMMANDS } from "../../lib/commands";

/** The keys of every command, in the notation of `tinykeys`; `null` for one that has none. */
export type Bindings = Readonly<Record<CommandId, string | null>>;

const setting = new BrowserSetting("parley:shortcuts");

/** The keys that a shortcut may end with, by their places on the keyboard (`event.code`). */
const KEY =
  "Key[A-Z]|Digit\\d|Numpad\\d|F[1-9]|F1[0-2]|Arrow(Up|Down|Left|Right)|Page(Up|Down)|Home|End|Insert|Delete|Backspace|Enter|Tab|Space|Escape|Minus|Equal|Bracket(Left|Right)|(Intl)?Backslash|Semicolon|Quote|Backquote|Comma|Period|Slash";
/** Ctrl (Cmd on a Mac), Alt or both, so that no shortcut is in the way of writing; else few keys. */
const BINDING = new RegExp(
  `^((\\$mod\\+|Alt\\+|\\$mod\\+Alt\\+)(Shift\\+)?(${KEY})|(Shift\\+)?F([1-9]|1[0-2])|Shift\\+Escape)$`,
);

const IDS = Object.keys(COMMANDS) as CommandId[];
let readFrom: string | null = null;
let current: Bindings = withChosen(null);

/** Whether these keys may be a command's, whatever the browser or another command needs them for. */
export function isBinding(binding: unknown): binding is string {
  return typeof binding === "string" && BINDING.test(binding);
}

/** The keys as the person has chosen them in this browser; the same object until they change. */
export function currentBindings(): Bindings {
  const stored = setting.read();
  if (stored !== readFrom) {
    current = withChosen(stored);
    readFrom = stored;
  }
  return current;
}

/** The same for a component, which follows what is chosen here and in other tabs. */
export function useBindings(): Bindings {
  return useSyncExternalStore(setting.subscribe, currentBindings);
}

/** Gives a command other keys. Whether it may have them has been asked before. */
export function chooseBinding(id: CommandId, binding: string) {
  const bindings: Bindings = { ...currentBindings(), [id]: binding };
  const chosen = IDS.filter((other) => isChanged(other, bindings));
  if (chosen.length === 0) return resetBindings();
  const choice = Object.fromEntries(chosen.map((other) => [other, bindings[other]]));
  setting.write(JSON.stringify(choice));
}

/** Gives all commands their usual keys. */
export function resetBindings() {
  setting.write(null);
}

/** Whether any command has other keys than its usual ones. */
export function areChanged(bindings: Bindings): boolean {
  return IDS.some((id) => isChanged(id, bindings));
}

function isChanged(id: CommandId, bindings: Bindings): boolean {
  return bindings[id] !== COMMANDS[id].binding;
}

/** What is stored may be from another version, or broken: what makes no sense counts as not there. */
function withChosen(stored: string | null): Bindings {
  const chosen = parsed(stored);
  const bindings = IDS.map((id) => {
    const usual: string | null = COMMANDS[id].binding;
    const own = chosen?.[id];
    return [id, usual !== null && isBinding(own) ? own : usual];
  });
  return Object.fromEntries(bindings) as Bindings;
}

function parsed(stored: string | null): Readonly<Record<string, unknown>> | null {
  try {
    return JSON.parse(stored ?? "null") as Readonly<Record<string, unknown>> | null;
  } catch {
    return null;
  }
}
