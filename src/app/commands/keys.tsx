import { keyNames } from "./key-names";

/** A shortcut, drawn as keys. */
export function Keys({ binding }: { readonly binding: string }) {
  return (
    <span className="flex flex-none gap-1">
      {keyNames(binding).map((name) => (
        <kbd
          key={name}
          className="grid min-w-[22px] place-items-center rounded-md border border-line bg-panel px-1.5 py-0.5 font-sans text-xs leading-tight text-ink-2"
        >
          {name}
        </kbd>
      ))}
    </span>
  );
}
