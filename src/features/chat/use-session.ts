import { convexQuery } from "@convex-dev/react-query";
import { useQuery } from "@tanstack/react-query";
import type { FunctionReturnType } from "convex/server";
import { api } from "../../../convex/_generated/api";
import { titleOf } from "../../../convex/chat/limits";
import type { Id } from "../../../convex/_generated/dataModel";
import type { OutgoingMessage } from "./outbox";

export type OpenSession =
  | { readonly kind: "new" }
  | { readonly kind: "loading" }
  | { readonly kind: "absent" }
  | {
      readonly kind: "found";
      readonly id: Id<"chatSessions">;
      readonly title: string;
      /** Known by the server's own word, and not by the outgoing message alone. */
      readonly isConfirmed: boolean;
      /** Whether the model is told of the person's projects and tasks. */
      readonly includesContext: boolean;
    };

type Session = FunctionReturnType<typeof api.chat.sessions.getSession>;

/** What the open chat is drawn from. The rest of a session changes with each of its messages. */
const drawn = (session: Session) =>
  session && {
    id: session._id,
    title: session.title,
    includesContext: session.includesContext,
  };

/**
 * The session behind an address. One that was made by the outgoing message is known before the
 * server was asked for it.
 */
export function useSession(
  displayId: string | null,
  outgoing: OutgoingMessage | null = null,
): OpenSession {
  const { data } = useQuery({
    ...convexQuery(api.chat.sessions.getSession, displayId === null ? "skip" : { displayId }),
    select: drawn,
  });
  if (displayId === null) return { kind: "new" };
  if (data === null) return { kind: "absent" };
  if (data !== undefined) return { kind: "found", ...data, isConfirmed: true };
  if (outgoing?.state === "accepted" && outgoing.displayId === displayId) {
    return {
      kind: "found",
      id: outgoing.sessionId,
      title: titleOf(outgoing.text),
      isConfirmed: false,
      includesContext: outgoing.includesContext ?? false,
    };
  }
  return { kind: "loading" };
}
