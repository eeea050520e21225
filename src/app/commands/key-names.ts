const isMac = /Mac|iPhone|iPad/.test(navigator.platform);

const NAMES: Readonly<Record<string, string>> = {
  $mod: isMac ? "⌘" : "Ctrl",
  Alt: isMac ? "⌥" : "Alt",
  Shift: isMac ? "⇧" : "Shift",
  Escape: "Esc",
  Slash: "/",
  ArrowUp: "↑",
  ArrowDown: "↓",
};

/** The keys of a binding as they are written on the person's keyboard. */
export function keyNames(binding: string): string[] {
  return binding.split("+").map((key) => NAMES[key] ?? key.replace(/^Key/, ""));
}
