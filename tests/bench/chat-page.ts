import type { Browser, BrowserContext, Page } from "@playwright/test";
import { ConvexHttpClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";
import { ask, chatId, signUp, untilAnswered } from "../e2e/person.ts";

const getSession = makeFunctionReference<"query">("chat/sessions:getSession");

const SIZE = { width: 1280, height: 800 };

/** Somebody signed in, with one chat of one turn. */
export interface Someone {
  readonly context: BrowserContext;
  readonly page: Page;
  /** The chat's address. */
  readonly address: string;
  readonly sessionId: string;
}

export async function someone(
  browser: Browser,
  { url, convexUrl }: { readonly url: string; readonly convexUrl: string },
): Promise<Someone> {
  const context = await browser.newContext({ viewport: SIZE });
  const page = await context.newPage();
  await signUp(page, url);
  await ask(page, "hello");
  await untilAnswered(page);
  const displayId = await chatId(page);
  const client = new ConvexHttpClient(convexUrl);
  client.setAuth(await tokenOf(page));
  const { _id: sessionId } = (await client.query(getSession, { displayId })) as { _id: string };
  return { context, page, address: `${url}/chat/${displayId}`, sessionId };
}

/** A browser as it is at the first visit, nothing cached, but signed in as `context` is. */
export async function freshlyOpened(browser: Browser, context: BrowserContext): Promise<Page> {
  const storageState = await context.storageState();
  return (await browser.newContext({ viewport: SIZE, storageState })).newPage();
}

async function tokenOf(page: Page): Promise<string> {
  const token = await page.evaluate(
    () => Object.entries(localStorage).find(([key]) => key.startsWith("__convexAuthJWT"))?.[1],
  );
  if (token === undefined) throw new Error("Nobody is signed in.");
  return token;
}
