import { type CommandId, COMMANDS } from "../../lib/commands";
import { type Bindings, isBinding } from "./bindings";
import { IS_MAC, keyNames } from "./key-names";

/** What a press of keys says about itself. */
export type Press = Pick<
  KeyboardEvent,
  "key" | "code" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey" | "getModifierState"
>;

const MODIFIERS = new Set(
  "Shift Control Alt AltGraph Meta OS CapsLock NumLock ScrollLock Fn FnLock".split(" "),
);

/**
 * What the person cannot do without while the page has the focus: the browser's tabs, windows,
 * reloading, finding, printing and zoom, and copying, undoing and moving about in a text. Browsers
 * do not even give a page all of these.
 */
const RESERVED = [
  /^\$mod\+(Shift\+)?(Key[WTNQRPCVAZ]|Tab|Enter)$/,
  /^\$mod\+(Key[XLFS]|Minus|Equal|Digit0|F4)$/,
  /^(\$mod|Alt)\+(Shift\+)?(Arrow(Left|Right)|Backspace|Delete)$/,
  /^Alt\+(Shift\+)?(F4|Tab|Space)$/,
];

/**
 * The binding for which the pressed keys stand, in the notation of `tinykeys`; `null` as long as
 * only modifiers are down. A modifier that no shortcut may have is named in it all the same.
 */
export function bindingOf(press: Press, isMac = IS_MAC): string | null {
  if (MODIFIERS.has(press.key)) return null;
  // A Mac has no AltGr, but some browsers say so of its Option.
  const isAltGraph = !isMac && press.getModifierState("AltGraph");
  return [
    press.ctrlKey && (isMac ? "Control" : "$mod"),
    press.metaKey && (isMac ? "$mod" : "Meta"),
    isAltGraph && "AltGraph",
    press.altKey && !isAltGraph && "Alt",
    press.shiftKey && "Shift",
    press.code,
  ]
    .filter((part) => part !== false)
    .join("+");
}

/** Why a command cannot have these keys, as a sentence for the person; `null` when it can. */
export function refusalOf(
  binding: string,
  id: CommandId,
  bindings: Bindings,
  isMac = IS_MAC,
): string | null {
  if (binding.includes("AltGraph+")) return "AltGr is needed for writing. Use Ctrl or Alt.";
  if (/(Meta|Control)\+/.test(binding)) {
    return isMac
      ? "Ctrl belongs to the Mac itself. Use Cmd or Option."
      : "The Windows key belongs to the computer itself. Use Ctrl or Alt.";
  }
  if (RESERVED.some((keys) => keys.test(binding))) {
    return `${spoken(binding)} is needed by the browser or for editing text.`;
  }
  if (!isBinding(binding)) {
    return /^(\$mod|Alt)\+/.test(binding)
      ? "This key cannot be part of a shortcut."
      : `A key alone is needed for writing. Hold ${isMac ? "Cmd or Option" : "Ctrl or Alt"} with it.`;
  }
  const other = (Object.keys(bindings) as CommandId[]).find(
    (owner) => owner !== id && bindings[owner] === binding,
  );
  return other ? `${spoken(binding)} belongs to “${COMMANDS[other].label}”.` : null;
}

/** The keys as words in a sentence. */
export function spoken(binding: string): string {
  return keyNames(binding).join(" ");
}
