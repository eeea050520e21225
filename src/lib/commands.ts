import { useLayoutEffect, useRef, useSyncExternalStore } from "react";

/**
 * What can be done by keyboard from anywhere, besides what has a button. Bindings are in the
 * notation of `tinykeys`; `$mod` is Ctrl, or Cmd on a Mac.
 */
export const COMMANDS = {
  "new-chat": { label: "New chat", binding: "$mod+Shift+KeyO", single: "n" },
  palette: { label: "Search and commands", binding: "$mod+KeyK", single: null },
  "focus-composer": { label: "Write a message", binding: "Shift+Escape", single: "/" },
  stop: { label: "Stop the answer", binding: "Escape", single: null },
  "copy-answer": { label: "Copy the last answer", binding: "Alt+Shift+KeyC", single: "c" },
  "next-chat": { label: "Next chat", binding: "Alt+ArrowDown", single: "j" },
  "previous-chat": { label: "Previous chat", binding: "Alt+ArrowUp", single: "k" },
  "share-chat": { label: "Share this chat", binding: null, single: null },
  "export-chat": { label: "Export this chat", binding: null, single: null },
  "move-chat": { label: "Move this chat to a project", binding: null, single: null },
  "rename-chat": { label: "Rename this chat", binding: null, single: null },
  "archive-chat": { label: "Archive this chat", binding: null, single: null },
  "unarchive-chat": { label: "Take this chat out of the archive", binding: null, single: null },
  "delete-chat": { label: "Delete this chat", binding: null, single: null },
  shortcuts: { label: "Keyboard shortcuts", binding: "$mod+Slash", single: "?" },
} as const satisfies Record<string, CommandDescription>;

interface CommandDescription {
  readonly label: string;
  /** The usual keys; a person can choose others for a command that has some. */
  readonly binding: string | null;
  /** One key without a modifier; a person can turn these off. */
  readonly single: string | null;
}

export type CommandId = keyof typeof COMMANDS;

/** Told whether it was a key without a modifier: who presses those is reading, not writing. */
type Run = (bySingleKey: boolean) => void;

const handlers = new Map<CommandId, Run[]>();
const listeners = new Set<() => void>();
let available: readonly CommandId[] = [];

function changed() {
  available = (Object.keys(COMMANDS) as CommandId[]).filter((id) => handlers.get(id)?.length);
  for (const listener of listeners) listener();
}

/** Does what the newest part of the page that knows the command does. Says whether there is one. */
export function runCommand(id: CommandId, bySingleKey = false): boolean {
  const run = handlers.get(id)?.at(-1);
  run?.(bySingleKey);
  return run !== undefined;
}

/** Makes a command available as long as the caller is on the page and `run` is not `null`. */
export function useCommand(id: CommandId, run: Run | null) {
  const latest = useRef(run);
  // Before the page is painted: who sees it can press the key.
  useLayoutEffect(() => {
    latest.current = run;
  });
  const isAvailable = run !== null;
  useLayoutEffect(() => {
    if (!isAvailable) return;
    const handler: Run = (bySingleKey) => latest.current?.(bySingleKey);
    handlers.set(id, [...(handlers.get(id) ?? []), handler]);
    changed();
    return () => {
      handlers.set(
        id,
        (handlers.get(id) ?? []).filter((other) => other !== handler),
      );
      changed();
    };
  }, [id, isAvailable]);
}

/** The commands that would do something now. */
export function useAvailableCommands(): readonly CommandId[] {
  return useSyncExternalStore(subscribe, () => available);
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
