import { Search, X } from "@/components/icons";
import type { KeyboardEvent } from "react";

/** Where a person types what to look for in their chats. Esc empties it. */
export function SearchField({
  query,
  onType,
  onArrowDown,
}: {
  readonly query: string;
  readonly onType: (query: string) => void;
  /** Leads to the first result. */
  readonly onArrowDown: () => void;
}) {
  function onKeyDown(event: KeyboardEvent) {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Escape" && query !== "") {
      event.preventDefault();
      onType("");
    } else if (event.key === "ArrowDown") {
      event.preventDefault();
      onArrowDown();
    }
  }

  return (
    <div
      role="search"
      className="flex items-center gap-2 rounded-control border border-line bg-raised px-3 focus-within:border-[color-mix(in_oklab,var(--accent-text)_55%,var(--line))]"
    >
      <Search size={16} strokeWidth={1.75} aria-hidden="true" className="flex-none text-ink-2" />
      <input
        type="search"
        aria-label="Search chats"
        placeholder="Search chats"
        autoComplete="off"
        value={query}
        onChange={(event) => onType(event.target.value)}
        onKeyDown={onKeyDown}
        className="min-h-[34px] min-w-0 flex-1 bg-transparent text-sm outline-none placeholder:text-ink-2 pointer-coarse:min-h-11 pointer-coarse:text-base [&::-webkit-search-cancel-button]:hidden"
      />
      {query !== "" && (
        <button
          type="button"
          aria-label="Clear search"
          className="touch-target -mr-1 grid size-6 flex-none place-items-center rounded-md text-ink-2 hover:bg-shade hover:text-ink"
          onClick={() => onType("")}
        >
          <X size={15} strokeWidth={1.75} aria-hidden="true" />
        </button>
      )}
    </div>
  );
}
