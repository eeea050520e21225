import { type Infer, v } from "convex/values";
import { internal } from "../_generated/api";
import type { Doc, Id } from "../_generated/dataModel";
import { internalMutation, type MutationCtx, type QueryCtx } from "../_generated/server";
import { charge, refund } from "../credits/ledger";
import { COSTS } from "../credits/rules";
import { requireClientKey } from "../lib/clientKey";
import { appError } from "../lib/errors";
import { authenticatedMutation, authenticatedQuery, owned } from "../lib/functions";
import { limitRate } from "../lib/rateLimits";
import { MINUTE_MS } from "../lib/time";
import { PAGES_MAX, siteOf, webAddress } from "./limits";
import { ownProject } from "./projects";
import { deletePage } from "./purge";
import { projectTables } from "./tables";

type Page = Doc<"projectPages">;

/** After this a page that is still being read has no reader any more. */
export const PAGE_LEASE_MS = MINUTE_MS;

const {
  userId: _userId,
  clientKey: _clientKey,
  host: _host,
  ...publicFields
} = projectTables.projectPages.validator.fields;
const pageView = v.object({ _id: v.id("projectPages"), ...publicFields });

function publicPage(page: Page): Infer<typeof pageView> {
  const { userId: _userId, clientKey: _clientKey, host: _host, _creationTime, ...view } = page;
  return view;
}

/** The pages of a project, the newest first. @throws NOT_FOUND */
export const listPages = authenticatedQuery({
  args: { projectId: v.id("projects") },
  returns: v.array(pageView),
  handler: async (ctx, { projectId }) => {
    await ownProject(ctx, ctx.userId, projectId);
    return (await pagesOf(ctx, projectId)).map(publicPage);
  },
});

/** What was read on a page, as Markdown; empty for one that was not read. @throws NOT_FOUND */
export const getPageText = authenticatedQuery({
  args: { pageId: v.id("projectPages") },
  returns: v.string(),
  handler: async (ctx, { pageId }) => {
    const page = await ownPage(ctx, ctx.userId, pageId);
    const found = await ctx.db
      .query("projectPageTexts")
      .withIndex("by_pageId", (q) => q.eq("pageId", page._id))
      .unique();
    return found?.text ?? "";
  },
});

/**
 * Has a web page read for a project: takes the credits and starts the reading. When it is refused
 * or fails, the page says why and the credits go back. A second call with the same `clientKey` is
 * the same page.
 *
 * @throws INVALID_REQUEST, NOT_FOUND, LIMIT_REACHED, TOO_MANY_REQUESTS, INSUFFICIENT_CREDITS. Nothing is
 * charged then.
 */
export const addPage = authenticatedMutation({
  args: {
    projectId: v.id("projects"),
    /** As it was typed; `https://` may be left out. */
    address: v.string(),
    /** Made once for each page, at most 100 characters: `crypto.randomUUID()`. */
    clientKey: v.string(),
  },
  returns: v.id("projectPages"),
  handler: async (ctx, { projectId, address, clientKey }) => {
    const { userId } = ctx;
    requireClientKey(clientKey);
    const earlier = await ctx.db
      .query("projectPages")
      .withIndex("by_userId_and_clientKey", (q) =>
        q.eq("userId", userId).eq("clientKey", clientKey),
      )
      .unique();
    if (earlier !== null) return earlier._id;
    await ownProject(ctx, userId, projectId);
    const url = webAddress(address);
    await refuseWithoutRoom(ctx, projectId);
    await limitRate(ctx, "pageHost", siteOf(url));
    const pageId = await ctx.db.insert("projectPages", {
      userId,
      projectId,
      url: url.href,
      host: url.host,
      title: url.host,
      excerpt: "",
      characters: 0,
      status: "reading",
      error: null,
      creditsUsed: 0,
      clientKey,
      requestedAt: Date.now(),
    });
    await limitRate(ctx, "pageRead", userId);
    const creditsUsed = await charge(ctx, userId, `page:${pageId}`, COSTS.pageRead);
    await ctx.db.patch("projectPages", pageId, { creditsUsed });
    const args = { pageId, url: url.href };
    await ctx.scheduler.runAfter(0, internal.projects.pageReader.read, args);
    // A reader that dies says nothing; this speaks for it.
    await ctx.scheduler.runAfter(PAGE_LEASE_MS, internal.projects.pages.expire, { pageId });
    return pageId;
  },
});

/** Deletes a page with its text. The credits of one that is still being read go back. @throws NOT_FOUND */
export const removePage = authenticatedMutation({
  args: { pageId: v.id("projectPages") },
  returns: v.null(),
  handler: async (ctx, { pageId }) => {
    await deletePage(ctx, await ownPage(ctx, ctx.userId, pageId));
    return null;
  },
});

/** Ends the reading, once: with the text, or with why there is none, and the credits back. */
export const finish = internalMutation({
  args: {
    pageId: v.id("projectPages"),
    outcome: v.union(
      v.object({
        kind: v.literal("ready"),
        url: v.string(),
        title: v.string(),
        excerpt: v.string(),
        text: v.string(),
      }),
      v.object({ kind: v.literal("failed"), code: v.string(), reason: v.string() }),
    ),
  },
  returns: v.null(),
  handler: async (ctx, { pageId, outcome }) => {
    const page = await ctx.db.get("projectPages", pageId);
    if (page?.status !== "reading") return null;
    if (outcome.kind === "failed") await fail(ctx, page, outcome);
    else {
      const { url, title, excerpt, text } = outcome;
      const characters = text.length;
      const found = { url, title, excerpt, characters, status: "ready" as const };
      await ctx.db.patch("projectPages", pageId, found);
      await ctx.db.insert("projectPageTexts", { userId: page.userId, pageId, text });
    }
    return null;
  },
});

/** Ends a page whose reader has died. */
export const expire = internalMutation({
  args: { pageId: v.id("projectPages") },
  returns: v.null(),
  handler: async (ctx, { pageId }) => {
    const page = await ctx.db.get("projectPages", pageId);
    if (page?.status !== "reading") return null;
    const reason = "The reading was interrupted on our side.";
    await fail(ctx, page, { code: "INTERRUPTED", reason });
    return null;
  },
});

async function fail(
  ctx: MutationCtx,
  { _id, userId }: Page,
  { code, reason }: { code: string; reason: string },
): Promise<void> {
  await refund(ctx, userId, `page:${_id}`);
  await ctx.db.patch("projectPages", _id, {
    status: "failed",
    error: { code, message: `${reason} You were not charged.` },
    creditsUsed: 0,
  });
}

/** @throws LIMIT_REACHED */
async function refuseWithoutRoom(ctx: QueryCtx, projectId: Id<"projects">): Promise<void> {
  if ((await pagesOf(ctx, projectId)).length >= PAGES_MAX) {
    throw appError(
      "LIMIT_REACHED",
      `A project has room for ${PAGES_MAX} pages. Delete one first. Nothing was charged.`,
    );
  }
}

async function pagesOf(ctx: QueryCtx, projectId: Id<"projects">): Promise<Page[]> {
  return await ctx.db
    .query("projectPages")
    .withIndex("by_projectId", (q) => q.eq("projectId", projectId))
    .order("desc")
    .take(PAGES_MAX);
}

async function ownPage(
  ctx: QueryCtx,
  userId: Id<"users">,
  pageId: Id<"projectPages">,
): Promise<Page> {
  return owned(await ctx.db.get("projectPages", pageId), userId, "There is no such page.");
}
