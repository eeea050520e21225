import type { LucideIcon } from "@/components/icons";
import {
  cloneElement,
  createContext,
  type KeyboardEvent,
  type MouseEvent,
  type ReactElement,
  type ReactNode,
  use,
  useState,
} from "react";
import type { OpenMenuParts } from "./open-menu";
import { onDemand } from "./on-demand";

// What a menu needs is fetched when somebody is about to open one, and not with the page.
const OpenMenu = onDemand(() => import("./open-menu"));

/** What the entries of the open menu are made of. */
export const MenuParts = createContext<OpenMenuParts | null>(null);

/** What the button of a menu is given. */
interface TriggerProps {
  readonly children?: ReactNode;
  readonly "aria-label"?: string;
  readonly "aria-haspopup"?: "menu";
  readonly "aria-expanded"?: boolean;
  readonly "data-state"?: "open" | "closed";
  readonly onClick?: (event: MouseEvent) => void;
  readonly onKeyDown?: (event: KeyboardEvent) => void;
  readonly onPointerEnter?: () => void;
  readonly onFocus?: () => void;
}

/**
 * A menu that opens at its button. Arrow keys, Home, End, first letters and Esc work in it; the
 * focus goes back to the button when it closes.
 */
export function Menu({
  trigger,
  align = "end",
  children,
}: {
  /** One button with a name, which is positioned. */
  readonly trigger: ReactElement<TriggerProps>;
  readonly align?: "start" | "end";
  /** `MenuItem`s and `MenuLine`s. */
  readonly children: ReactNode;
}) {
  const [opened, setOpened] = useState<"by pointer" | "by keyboard" | null>(null);
  const isOpen = opened !== null;
  return cloneElement(
    trigger,
    {
      "aria-haspopup": "menu",
      "aria-expanded": isOpen,
      "data-state": isOpen ? "open" : "closed",
      onPointerEnter: OpenMenu.prepare,
      onFocus: OpenMenu.prepare,
      // A key that presses a button is a click without a count.
      onClick: ({ detail }) => setOpened(detail === 0 ? "by keyboard" : "by pointer"),
      onKeyDown: (event) => {
        if (event.key !== "ArrowDown") return;
        event.preventDefault();
        setOpened("by keyboard");
      },
    },
    trigger.props.children,
    isOpen && (
      // What happens in the menu is no press of the button, in which it only has its place.
      <span
        className="pointer-events-none absolute inset-0"
        onClick={(event) => event.stopPropagation()}
        onKeyDown={(event) => event.stopPropagation()}
      >
        <OpenMenu
          label={trigger.props["aria-label"]}
          align={align}
          byKeyboard={opened === "by keyboard"}
          onClose={() => setOpened(null)}
        >
          {children}
        </OpenMenu>
      </span>
    ),
  );
}

export interface MenuItemProps {
  readonly Icon?: LucideIcon;
  readonly children: ReactNode;
  readonly onSelect: () => void;
  readonly tone?: "plain" | "bad";
  readonly disabled?: boolean;
  /** What it does takes the focus itself: a field or a dialog that opens. */
  readonly movesFocus?: boolean;
}

export function MenuItem(props: MenuItemProps) {
  const parts = use(MenuParts);
  return parts && <parts.Item {...props} />;
}

export function MenuLine() {
  const parts = use(MenuParts);
  return parts && <parts.Line />;
}
