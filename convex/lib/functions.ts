import { getAuthSessionId } from "@convex-dev/auth/server";
import {
  customAction,
  customCtx,
  customMutation,
  customQuery,
} from "convex-helpers/server/customFunctions";
import { internal } from "../_generated/api";
import type { Id } from "../_generated/dataModel";
import { action, type ActionCtx, mutation, query, type QueryCtx } from "../_generated/server";
import { appError } from "./errors";

/** Functions built from these run only for a signed-in person, whose id is `ctx.userId`. */
export const authenticatedQuery = customQuery(query, customCtx(viewer));
export const authenticatedMutation = customMutation(mutation, customCtx(viewer));
export const authenticatedAction = customAction(action, customCtx(viewerOfAction));

interface Viewer {
  readonly userId: Id<"users">;
}

async function viewer(ctx: QueryCtx): Promise<Viewer> {
  return signedIn(await viewerId(ctx));
}

async function viewerOfAction(ctx: ActionCtx): Promise<Viewer> {
  return signedIn(await ctx.runQuery(internal.account.viewer.id, {}));
}

/** @throws UNAUTHENTICATED when nobody is signed in, or the session has ended. */
function signedIn(userId: Id<"users"> | null): Viewer {
  if (userId === null) {
    throw appError("UNAUTHENTICATED", "You are signed out. Sign in again to go on.");
  }
  return { userId };
}

/**
 * Who is signed in, or `null`. A token is good for an hour, whatever becomes of its session: only
 * the session itself tells that it was ended, as by a change of the password.
 */
export async function viewerId(ctx: QueryCtx): Promise<Id<"users"> | null> {
  const named = await getAuthSessionId(ctx);
  const sessionId = named && ctx.db.normalizeId("authSessions", named);
  const session = sessionId && (await ctx.db.get("authSessions", sessionId));
  return session?.userId ?? null;
}

/**
 * The document, if it is the caller's own. What does not exist and what belongs to somebody else
 * look the same, so an id tells a stranger nothing.
 *
 * @throws NOT_FOUND with `message`
 */
export function owned<Owned extends { userId: Id<"users"> }>(
  document: Owned | null,
  userId: Id<"users">,
  message: string,
): Owned {
  if (document === null || document.userId !== userId) throw appError("NOT_FOUND", message);
  return document;
}
