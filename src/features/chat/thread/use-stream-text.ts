import { useConvex } from "convex/react";
import { useEffect, useMemo, useSyncExternalStore } from "react";
import type { Id } from "../../../../convex/_generated/dataModel";
import { StreamFollower } from "./stream-follower";

const nothing = () => "";
const never = () => () => undefined;

/** The text of an answer (`null`: not known yet, so empty) while it is written. */
export function useStreamText(messageId: Id<"chatMessages"> | null, isRunning: boolean): string {
  const convex = useConvex();
  const follower = useMemo(
    () => (isRunning && messageId !== null ? new StreamFollower(convex, messageId) : null),
    [convex, messageId, isRunning],
  );
  useEffect(() => follower?.start(), [follower]);
  return useSyncExternalStore(follower?.subscribe ?? never, follower?.shown ?? nothing);
}
