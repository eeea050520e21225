import { clsx } from "clsx";
import { DropdownMenu } from "radix-ui";
import { createContext, type ReactNode, useCallback, useContext, useEffect, useRef } from "react";
import { type MenuItemProps, MenuParts } from "./menu";

/** What the entries of an open menu are made of. */
export interface OpenMenuParts {
  readonly Item: (props: MenuItemProps) => ReactNode;
  readonly Line: () => ReactNode;
}

/** Told by the chosen item whether it takes the focus somewhere itself. */
const FocusGoesElsewhere = createContext<(elsewhere: boolean) => void>(() => {});

/** The menu itself, at the button that it is put beside. It is open as long as it is there. */
export default function OpenMenu({
  label,
  align,
  byKeyboard,
  onClose,
  children,
}: {
  readonly label: string | undefined;
  readonly align: "start" | "end";
  /** The first entry then has the focus. */
  readonly byKeyboard: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  const place = useRef<HTMLSpanElement>(null);
  const isEntered = useRef(false);
  const button = useRef<HTMLElement>(null);
  const goesElsewhere = useRef(false);
  const tell = useCallback((elsewhere: boolean) => {
    goesElsewhere.current = elsewhere;
  }, []);
  useEffect(() => {
    button.current = place.current?.closest("button") ?? null;
  }, []);
  return (
    <DropdownMenu.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
      {/* Only for the place: the button is around it. */}
      <DropdownMenu.Trigger asChild>
        <span ref={place} aria-hidden="true" className="pointer-events-none absolute inset-0" />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          aria-label={label}
          align={align}
          sideOffset={5}
          collisionPadding={8}
          onFocus={({ target, currentTarget }) => {
            if (target !== currentTarget || !byKeyboard || isEntered.current) return;
            isEntered.current = true;
            currentTarget.querySelector<HTMLElement>('[role="menuitem"]')?.focus();
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            if (!goesElsewhere.current) button.current?.focus();
          }}
          className="z-50 min-w-44 animate-appear rounded-xl border border-line bg-raised p-1 shadow-float outline-none"
        >
          <MenuParts value={PARTS}>
            <FocusGoesElsewhere value={tell}>{children}</FocusGoesElsewhere>
          </MenuParts>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

function Item({
  Icon,
  children,
  onSelect,
  tone = "plain",
  disabled = false,
  movesFocus = false,
}: MenuItemProps) {
  const tellFocus = useContext(FocusGoesElsewhere);
  return (
    <DropdownMenu.Item
      disabled={disabled}
      onSelect={() => {
        tellFocus(movesFocus);
        onSelect();
      }}
      className={clsx(
        "flex min-h-9 cursor-pointer items-center gap-2.5 rounded-lg px-2.5 text-sm outline-none select-none data-highlighted:bg-shade pointer-coarse:min-h-11 data-disabled:cursor-default data-disabled:opacity-55",
        tone === "bad" && "text-bad",
      )}
    >
      {Icon && <Icon size={16} strokeWidth={1.75} aria-hidden="true" className="flex-none" />}
      {children}
    </DropdownMenu.Item>
  );
}

function Line() {
  return <DropdownMenu.Separator className="mx-1.5 my-1 h-px bg-line" />;
}

const PARTS: OpenMenuParts = { Item, Line };
