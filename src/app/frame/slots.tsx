import { createContext, type ReactNode, useContext } from "react";
import { createPortal } from "react-dom";

/** The places in the frame that a page may fill while the frame itself stays as it is. */
export interface FrameSlots {
  /** Left in the navigation bar. */
  readonly title: HTMLElement | null;
  /** The column beside the sidebar; inside the drawer on a narrow screen. */
  readonly aside: HTMLElement | null;
}

export const FrameSlotsContext = createContext<FrameSlots>({ title: null, aside: null });

/** Puts a page's part into the frame. */
export function InFrame({
  slot,
  children,
}: {
  readonly slot: keyof FrameSlots;
  readonly children: ReactNode;
}) {
  const place = useContext(FrameSlotsContext)[slot];
  return place === null ? null : createPortal(children, place);
}
