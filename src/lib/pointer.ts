/**
 * Whether taking the focus by ourselves is welcome: on a touch screen it would raise the keyboard
 * over half of the page without having been asked.
 */
export function typesOnKeyboard(): boolean {
  return matchMedia("(pointer: fine)").matches;
}
