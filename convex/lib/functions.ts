import { getAuthUserId } from "@convex-dev/auth/server";
import type { Auth } from "convex/server";
import {
  customAction,
  customCtx,
  customMutation,
  customQuery,
} from "convex-helpers/server/customFunctions";
import type { Id } from "../_generated/dataModel";
import { action, mutation, query } from "../_generated/server";
import { appError } from "./errors";

/** Functions built from these run only for a signed-in person, whose id is `ctx.userId`. */
export const authenticatedQuery = customQuery(query, customCtx(viewer));
export const authenticatedMutation = customMutation(mutation, customCtx(viewer));
export const authenticatedAction = customAction(action, customCtx(viewer));

/** @throws UNAUTHENTICATED when nobody is signed in, or the session has ended. */
async function viewer(ctx: { auth: Auth }): Promise<{ userId: Id<"users"> }> {
  const userId = await getAuthUserId(ctx);
  if (userId === null) {
    throw appError("UNAUTHENTICATED", "You are signed out. Sign in again to go on.");
  }
  return { userId };
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
