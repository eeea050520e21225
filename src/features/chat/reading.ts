/**
 * The state of an address that was come to by a single key, as the next chat is by `j`: the focus
 * goes to the messages, where the same key leads on. In the composer it would be a letter.
 */
export const READING = "reading";
