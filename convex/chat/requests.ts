import { v } from "convex/values";
import { authenticatedMutation, authenticatedQuery, owned } from "../lib/functions";
import { acceptedModel } from "../models/catalogue";
import { contextItem } from "../projects/tables";
import { contextOf, modelRequest, recordedRequest } from "./context";
import { ownSession } from "./sessions";

/**
 * What the model was sent for an answer, word for word. `null` for an answer that has not been asked
 * for yet.
 *
 * @throws NOT_FOUND
 */
export const whatWasSent = authenticatedQuery({
  args: { messageId: v.id("chatMessages") },
  returns: v.union(
    v.null(),
    v.object({
      model: v.union(v.null(), v.string()),
      ...modelRequest.fields,
      contextItems: v.array(contextItem),
    }),
  ),
  handler: async (ctx, { messageId }) => {
    const message = await ctx.db.get("chatMessages", messageId);
    owned(message, ctx.userId, "There is no such answer.");
    return await recordedRequest(ctx, messageId);
  },
});

/** What the model would be told of the person's projects and tasks now, word for word. */
export const previewContext = authenticatedQuery({
  args: {
    /** Of that project, as a chat that belongs to it is told; without it, of everything recent. */
    projectId: v.optional(v.id("projects")),
  },
  returns: v.object({ text: v.string(), items: v.array(contextItem) }),
  handler: async (ctx, { projectId }) =>
    await contextOf(ctx, { userId: ctx.userId, projectId: projectId ?? null }),
});

/**
 * Turns the context of a session on or off, from its next answer on.
 *
 * @throws NOT_FOUND
 */
export const setContextIncluded = authenticatedMutation({
  args: { sessionId: v.id("chatSessions"), isIncluded: v.boolean() },
  returns: v.null(),
  handler: async (ctx, { sessionId, isIncluded }) => {
    const session = await ownSession(ctx, ctx.userId, sessionId);
    await ctx.db.patch("chatSessions", session._id, { includesContext: isIncluded });
    return null;
  },
});

/**
 * Chooses the model that answers in a session, from its next answer on.
 *
 * @throws NOT_FOUND; INVALID_REQUEST for a model that the server does not have
 */
export const setModel = authenticatedMutation({
  args: { sessionId: v.id("chatSessions"), model: v.string() },
  returns: v.null(),
  handler: async (ctx, { sessionId, model }) => {
    const session = await ownSession(ctx, ctx.userId, sessionId);
    await ctx.db.patch("chatSessions", session._id, { model: acceptedModel(model) });
    return null;
  },
});
