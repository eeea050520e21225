import type { KeyboardEvent } from "react";

/** Enter that confirms a candidate of an input method is not a send. Safari only says so by code 229. */
export function isComposing(event: KeyboardEvent): boolean {
  return event.nativeEvent.isComposing || event.keyCode === 229;
}
