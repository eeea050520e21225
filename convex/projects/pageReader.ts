"use node";
// oxlint-disable @convex-dev/import-wrong-runtime -- under oxlint the rule does not see that this file says "use node" itself.
// This runs in Node's runtime because of one thing: the address that is connected to has to be the
// very address that was checked, and `fetch` in Convex's own runtime looks names up by itself.
import { ConvexError, v } from "convex/values";
import robotsParser from "robots-parser";
import { internal } from "../_generated/api";
import { type ActionCtx, internalAction } from "../_generated/server";
import { duration, limitRate } from "../lib/rateLimits";
import { SECOND_MS } from "../lib/time";
import { siteOf } from "./limits";
import { type ReadablePage, readableText } from "./readable";
import {
  type Fetched,
  type FetchRules,
  MAX_MILLISECONDS,
  PageRefusal,
  safeFetch,
} from "./safeFetch";

const ROBOT = "ParleyReader";

/** Reads the page that `addPage` asked for, or says why it cannot be read. */
export const read = internalAction({
  args: { pageId: v.id("projectPages"), url: v.string() },
  returns: v.null(),
  handler: async (ctx, { pageId, url }) => {
    const outcome = await outcomeOf(ctx, url);
    await ctx.runMutation(internal.projects.pages.finish, { pageId, outcome });
    return null;
  },
});

type Outcome =
  | ({ kind: "ready"; url: string } & ReadablePage)
  | { kind: "failed"; code: string; reason: string };

async function outcomeOf(ctx: ActionCtx, url: string): Promise<Outcome> {
  try {
    const fetched = await fetchPage(ctx, new URL(url));
    return { kind: "ready", url: fetched.url.href, ...(await readableText(fetched)) };
  } catch (error) {
    if (error instanceof PageRefusal) {
      return { kind: "failed", code: error.code, reason: error.message };
    }
    console.error("A page could not be read.", error);
    return { kind: "failed", code: "UNEXPECTED", reason: "Something went wrong on our side." };
  }
}

/** Everything together has to be done in `MAX_MILLISECONDS`. @throws PageRefusal */
async function fetchPage(ctx: ActionCtx, url: URL): Promise<Fetched> {
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(), MAX_MILLISECONDS);
  try {
    const rules = {
      deadline: over.signal,
      trustedHosts: trustedHosts(),
      beforeFetch: countedSites(ctx, url),
    };
    const asked = new Map<string, Promise<(url: URL) => boolean>>();
    const page = await safeFetch(url, {
      ...rules,
      beforeFetch: async (hop) => {
        await rules.beforeFetch(hop);
        const answer = asked.get(hop.origin) ?? robotsOf(hop, rules);
        asked.set(hop.origin, answer);
        if (!(await answer)(hop)) {
          throw new PageRefusal("ROBOTS", "The site asks readers like this one to stay away.");
        }
      },
    });
    refuseStatus(page);
    return page;
  } finally {
    clearTimeout(timer);
  }
}

/** Counts each website that the page leads on to once; the first was counted when it was asked for. */
function countedSites(ctx: ActionCtx, first: URL): (hop: URL) => Promise<void> {
  const counted = new Set([siteOf(first)]);
  return async (hop) => {
    const site = siteOf(hop);
    if (counted.has(site)) return;
    counted.add(site);
    try {
      await limitRate(ctx, "pageHost", site);
    } catch (error) {
      if (!(error instanceof ConvexError)) throw error;
      throw new PageRefusal(
        "TOO_MANY_REQUESTS",
        "The page leads on to a site of which very many pages are being read right now.",
      );
    }
  };
}

/**
 * Which addresses of an origin may be read, by its robots.txt (RFC 9309): all when it has none,
 * none when it cannot tell.
 */
async function robotsOf(url: URL, rules: FetchRules): Promise<(url: URL) => boolean> {
  if (url.protocol !== "http:" && url.protocol !== "https:") return () => true;
  const address = new URL("/robots.txt", url);
  const { status, body } = await safeFetch(address, { ...rules, cutAtLimit: true });
  if (status >= 500 || status === 429) return () => false;
  if (status < 200 || status > 299) return () => true;
  const robots = robotsParser(address.href, body.subarray(0, 512 * 1024).toString("utf8"));
  return ({ href }) => robots.isAllowed(href, ROBOT) !== false;
}

/** @throws PageRefusal for everything but a page */
function refuseStatus({ status, retryAfter }: Fetched): void {
  if (status >= 200 && status <= 299) return;
  throw new PageRefusal("REFUSED_BY_SITE", statusSentence(status, retryAfter));
}

function statusSentence(status: number, retryAfter: string | null): string {
  if (status === 404 || status === 410) return `There is no such page (${status}).`;
  if (status === 401 || status === 403) return `The page is not open to everybody (${status}).`;
  if (status === 429) {
    const seconds = Number(retryAfter);
    const wait = seconds > 0 ? ` for ${duration(seconds * SECOND_MS)}` : "";
    return `The site asks to be left alone${wait} (429).`;
  }
  return `The site answered with an error (${status}).`;
}

/**
 * Private hosts that may be read all the same, `wiki.corp:80,127.0.0.1:8080`: whoever runs the
 * server may want its own wiki read. Unset, as it is unless somebody sets it, there are none.
 */
function trustedHosts(): ReadonlySet<string> {
  const hosts = process.env.PAGE_READER_TRUSTED_HOSTS ?? "";
  return new Set(
    hosts
      .split(",")
      .map((host) => host.trim())
      .filter((host) => host !== ""),
  );
}
