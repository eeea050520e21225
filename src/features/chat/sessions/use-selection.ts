import { useState } from "react";
import { SELECTED_MAX } from "../../../../convex/chat/limits";
import type { Session } from "../message";
import type { SessionRow } from "./session-rows";

type SessionId = Session["_id"];

/** The chats that a person has ticked in the list, to do the same to all of them. */
export interface Selection {
  /** `null` while the list is a list of links. */
  readonly chosen: readonly Session[] | null;
  /** Makes boxes of the list's lines, of which one is ticked or none. */
  readonly start: (session: Session | null) => void;
  /** Ticks a chat or takes the tick away. With `toThere`, all from the one before to this one get its tick. */
  readonly toggle: (session: Session, toThere: boolean) => void;
  /** Ticks the first `SELECTED_MAX`, or takes all ticks away when they have theirs. */
  readonly toggleAll: () => void;
  readonly hasAll: boolean;
  readonly end: () => void;
}

/** @param rows the list's lines: what leaves the list, on whichever device, is chosen no more */
export function useSelection(rows: readonly SessionRow<Session>[]): Selection {
  const [ids, setIds] = useState<ReadonlySet<SessionId> | null>(null);
  const [last, setLast] = useState<SessionId | null>(null);
  const sessions = rows.flatMap((row) => (row.kind === "session" ? [row.session] : []));

  function toggle({ _id }: Session, toThere: boolean) {
    const isChosen = ids?.has(_id) !== true;
    const next = new Set(ids);
    for (const id of toThere ? between(sessions, last ?? _id, _id) : [_id]) {
      if (isChosen) next.add(id);
      else next.delete(id);
    }
    setIds(next);
    setLast(_id);
  }

  const chosen = ids === null ? null : sessions.filter(({ _id }) => ids.has(_id));
  const all = sessions.slice(0, SELECTED_MAX);
  const hasAll = all.length > 0 && all.every(({ _id }) => ids?.has(_id));

  return {
    chosen,
    hasAll,
    toggleAll: () => setIds(new Set(hasAll ? [] : all.map(({ _id }) => _id))),
    start: (session) => {
      setIds(new Set(session === null ? [] : [session._id]));
      setLast(session?._id ?? null);
    },
    toggle,
    end: () => setIds(null),
  };
}

/** Those from one to the other, both with them, whichever comes first. */
export function between<T extends { readonly _id: string }>(
  sessions: readonly T[],
  one: T["_id"],
  other: T["_id"],
): T["_id"][] {
  const places = [one, other].map((id) => sessions.findIndex(({ _id }) => _id === id));
  if (places.includes(-1)) return [other];
  return sessions.slice(Math.min(...places), Math.max(...places) + 1).map(({ _id }) => _id);
}
