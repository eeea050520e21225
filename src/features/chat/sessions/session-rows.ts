import { type Dated, groupSessions } from "./session-groups";

interface Listed extends Dated {
  readonly _id: string;
  readonly isPinned: boolean;
}

/** One line of the list of chats. */
export type SessionRow<T> =
  | { readonly kind: "heading"; readonly key: string; readonly label: string }
  | { readonly kind: "session"; readonly key: string; readonly session: T };

/**
 * The list of chats line by line: the pinned ones, then all others under the days of the person's
 * own calendar.
 *
 * @param recent newest first, pinned ones among them
 */
export function sessionRows<T extends Listed>(
  pinned: readonly T[],
  recent: readonly T[],
  now: Date,
): SessionRow<T>[] {
  const others = recent.filter(({ isPinned }) => !isPinned);
  const groups = [{ label: "Pinned", sessions: pinned }, ...groupSessions(others, now)];
  return groups
    .filter(({ sessions }) => sessions.length > 0)
    .flatMap(({ label, sessions }) => [
      { kind: "heading" as const, key: `heading ${label}`, label },
      ...sessions.map((session) => ({ kind: "session" as const, key: session._id, session })),
    ]);
}

/**
 * The chat `step` lines below (negative: above) the open one, without wrapping around. From a new
 * chat, which is no line yet, it is the first.
 */
export function neighbour<T extends { readonly displayId: string }>(
  sessions: readonly T[],
  current: string | null,
  step: 1 | -1,
): T | null {
  const index = sessions.findIndex(({ displayId }) => displayId === current);
  if (index === -1) return step === 1 ? (sessions[0] ?? null) : null;
  return sessions[index + step] ?? null;
}
