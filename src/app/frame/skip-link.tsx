/** Of the place where the page itself begins. */
export const CONTENT = {
  id: "content",
  tabIndex: -1,
  className: "min-h-0 flex-1 outline-none",
} as const;

export function focusContent() {
  document.getElementById(CONTENT.id)?.focus();
}

/** For the keyboard: past the sidebar, the chats and the bar to the page itself. Seen while it has the focus. */
export function SkipLink() {
  return (
    <a
      href={`#${CONTENT.id}`}
      onClick={(event) => {
        // The address stays: it names what is on the page.
        event.preventDefault();
        focusContent();
      }}
      className="fixed top-2 left-2 z-50 rounded-control border border-line bg-raised px-4 py-2.5 font-[550] text-accent-text shadow-float not-focus:sr-only"
    >
      Skip to content
    </a>
  );
}
