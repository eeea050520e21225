import { convexQuery } from "@convex-dev/react-query";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { FunctionReturnType } from "convex/server";
import { useEffect, useState } from "react";
import { api } from "../../../../convex/_generated/api";

export type SearchHits = FunctionReturnType<typeof api.chat.search.search>;
export type MessageHit = SearchHits["messages"][number];

/** Between two letters of somebody who types, nothing is asked. */
const PAUSE_MS = 120;
/** A query that is no longer shown is soon no longer kept up to date. */
const KEPT_MS = 2_000;

/**
 * What the person's chats have of a query, live, as they type; the hits of the last query stay until
 * those of the next are there. `null` while there is no query, `undefined` before the first hits.
 */
export function useSearch(query: string): SearchHits | null | undefined {
  const settled = useSettled(query.trim(), PAUSE_MS);
  const isAsked = query.trim() !== "" && settled !== "";
  const { data } = useQuery({
    ...convexQuery(api.chat.search.search, isAsked ? { query: settled } : "skip"),
    placeholderData: keepPreviousData,
    gcTime: KEPT_MS,
  });
  return query.trim() === "" ? null : data;
}

/** The address of a chat that leads to one of its messages. */
export function messageAddress({ displayId, _id }: Pick<MessageHit, "displayId" | "_id">): string {
  return `/chat/${displayId}?message=${_id}`;
}

function useSettled(value: string, pauseMs: number): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), pauseMs);
    return () => clearTimeout(timer);
  }, [value, pauseMs]);
  return settled;
}
