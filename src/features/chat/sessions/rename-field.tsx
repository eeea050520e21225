import { type KeyboardEvent, useRef, useState } from "react";
import { TITLE_MAX_CHARACTERS } from "../../../../convex/chat/limits";
import { oneLine } from "../../../../convex/lib/characters";
import { CharactersLeft } from "../../../components/characters-left";

/** A chat's title while it is being changed: Enter and leaving keep the new one, Esc the old one. */
export function RenameField({
  title,
  onDone,
}: {
  readonly title: string;
  /**
   * @param name the new one, or `null` to keep the old one
   * @param byKey the focus is free and has to go somewhere
   */
  readonly onDone: (name: string | null, byKey: boolean) => void;
}) {
  const [name, setName] = useState(title);
  const isDone = useRef(false);

  function finish(keep: boolean, byKey: boolean) {
    if (isDone.current) return;
    isDone.current = true;
    const line = oneLine(name);
    onDone(keep && line !== "" && line !== title ? line : null, byKey);
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    if (event.key !== "Enter" && event.key !== "Escape") return;
    event.preventDefault();
    finish(event.key === "Enter", true);
  }

  return (
    <div className="relative">
      <input
        aria-label="Name of the chat"
        value={name}
        maxLength={TITLE_MAX_CHARACTERS}
        // The person has just asked to write here.
        // oxlint-disable-next-line jsx-a11y/no-autofocus
        autoFocus
        onFocus={(event) => event.target.select()}
        onChange={(event) => setName(event.target.value)}
        onKeyDown={onKeyDown}
        onBlur={() => finish(true, false)}
        className="block w-full rounded-lg border border-accent-text bg-raised px-2 py-[5px] text-sm outline-none pointer-coarse:min-h-11 pointer-coarse:text-base"
      />
      <CharactersLeft text={name} max={TITLE_MAX_CHARACTERS} edge="bottom" />
    </div>
  );
}
