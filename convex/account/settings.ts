import {
  getAuthSessionId,
  invalidateSessions,
  modifyAccountCredentials,
  retrieveAccount,
} from "@convex-dev/auth/server";
import { v } from "convex/values";
import { internal } from "../_generated/api";
import type { Doc, Id } from "../_generated/dataModel";
import { internalQuery, type QueryCtx } from "../_generated/server";
import { oneLine } from "../lib/characters";
import { appError } from "../lib/errors";
import { authenticatedAction, authenticatedMutation, authenticatedQuery } from "../lib/functions";
import { acceptedModel, modelFor, modelNames } from "../models/catalogue";
import { deletionOf } from "./arrangedDeletion";
import { forgiveRate, limitRate } from "../lib/rateLimits";
import { NAME_MAX_CHARACTERS } from "./limits";
import { refusal, validatePasswordRequirements } from "./password";

/** Who the person is and what they have set. */
export const getSettings = authenticatedQuery({
  args: {},
  returns: v.object({
    email: v.string(),
    name: v.string(),
    includesContext: v.boolean(),
    /** Which model answers in a new chat; `null` while none is set up. */
    model: v.union(v.null(), v.string()),
    /** The models that this server has. */
    models: v.array(v.string()),
    /** When the account will be deleted, in Unix milliseconds. */
    deletionAt: v.union(v.null(), v.number()),
  }),
  handler: async (ctx) => {
    const user = await ctx.db.get("users", ctx.userId);
    const settings = await settingsOf(ctx, ctx.userId);
    const deletion = await deletionOf(ctx, ctx.userId);
    return {
      email: user?.email ?? "",
      name: settings?.name ?? "",
      includesContext: settings?.includesContext ?? false,
      model: modelFor(settings?.model),
      models: modelNames(),
      deletionAt: deletion?.beginsAt ?? null,
    };
  },
});

/** Changes what is given and leaves the rest. @throws INVALID_REQUEST, also for an unknown model */
export const updateSettings = authenticatedMutation({
  args: {
    name: v.optional(v.string()),
    includesContext: v.optional(v.boolean()),
    model: v.optional(v.string()),
  },
  returns: v.null(),
  handler: async (ctx, { name, includesContext, model }) => {
    const line = name === undefined ? undefined : oneLine(name);
    if (line !== undefined && line.length > NAME_MAX_CHARACTERS) {
      throw appError("INVALID_REQUEST", `A name has at most ${NAME_MAX_CHARACTERS} characters.`);
    }
    const changes = {
      ...(line === undefined ? {} : { name: line }),
      ...(includesContext === undefined ? {} : { includesContext }),
      ...(model === undefined ? {} : { model: acceptedModel(model) }),
    };
    const settings = await settingsOf(ctx, ctx.userId);
    if (settings !== null) await ctx.db.patch("userSettings", settings._id, changes);
    else {
      const presets = { userId: ctx.userId, name: "", includesContext: false };
      await ctx.db.insert("userSettings", { ...presets, ...changes });
    }
    return null;
  },
});

/**
 * Sets a new password, for who knows the present one, and signs out everywhere else.
 *
 * @throws WRONG_CREDENTIALS, WEAK_PASSWORD, TOO_MANY_REQUESTS
 */
export const changePassword = authenticatedAction({
  args: { current: v.string(), next: v.string() },
  returns: v.null(),
  handler: async (ctx, { current, next }) => {
    const { userId } = ctx;
    validatePasswordRequirements(next);
    const email = await ctx.runQuery(internal.account.settings.emailOf, { userId });
    await limitRate(ctx, "signIn", email);
    try {
      await retrieveAccount(ctx, {
        provider: "password",
        account: { id: email, secret: current },
      });
    } catch (error) {
      throw refusal(error, "The present password is not right. Nothing was changed.");
    }
    await forgiveRate(ctx, "signIn", email);
    await modifyAccountCredentials(ctx, {
      provider: "password",
      account: { id: email, secret: next },
    });
    const sessionId = await getAuthSessionId(ctx);
    await invalidateSessions(ctx, { userId, except: sessionId === null ? [] : [sessionId] });
    return null;
  },
});

/** The email by which the person signs in, for actions. */
export const emailOf = internalQuery({
  args: { userId: v.id("users") },
  returns: v.string(),
  handler: async (ctx, { userId }): Promise<string> =>
    (await ctx.db.get("users", userId))?.email ?? "",
});

/** What the person has set, or `null` for the presets. */
export async function settingsOf(
  ctx: QueryCtx,
  userId: Id<"users">,
): Promise<Doc<"userSettings"> | null> {
  return await ctx.db
    .query("userSettings")
    .withIndex("by_userId", (q) => q.eq("userId", userId))
    .unique();
}
