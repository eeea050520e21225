// oxlint-disable no-restricted-imports -- it plays the Internet, with servers of its own
// oxlint-disable @convex-dev/import-wrong-runtime -- it runs in Node
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, beforeEach, expect, vi } from "vitest";
import { api } from "../_generated/api";
import { type Deployment, freshDeployment, type Person, signUp } from "../test.setup";
import { network } from "./network";

// The page reader against servers on this machine. Names are resolved from a table, and a
// connection to one of the table's public addresses is led to the server that plays the Internet;
// one to any other address would reach what is inside, and is counted.

export const PUBLIC = "93.184.216.34";
export const PUBLIC_V6 = "2606:2800:220:1:248:1893:25c8:1946";
const ARTICLE = `<!doctype html><html><head><title>On leases</title></head><body><nav>menu</nav>
  <article><h1>On leases</h1>${"<p>A lease is a contract by which one party lets another use a thing for a time, against rent, and both sign it.</p>".repeat(8)}
  <p>See <a href="/more">more</a> and <a href="javascript:alert(1)">less</a>.</p><script>steal()</script></article></body></html>`;

let outside: Server;
let inside: Server;
let ada: Person;

/** What each test of a file that calls `playInternet` finds anew. */
export let deployment: Deployment;
/** How many requests came inside. */
export let insideHits = 0;
/** The addresses that were dialled. */
export let dialled: string[] = [];
/** The paths that the Internet was asked for. */
export let asked: string[] = [];
/** The addresses of each name, or what says them each time that it is asked. */
export let names: Record<string, string[] | (() => string[])> = {};

/**
 * For the tests of the file: a network on this machine, and before each of them a fresh deployment
 * with one person.
 */
export function playInternet(): void {
  beforeAll(async () => {
    outside = createServer(answerOutside).listen(0, "127.0.0.1");
    inside = createServer((_, response) => {
      insideHits += 1;
      response.setHeader("content-type", "text/html");
      response.end(ARTICLE);
    }).listen(0, "127.0.0.1");
    await Promise.all([once(outside, "listening"), once(inside, "listening")]);
  });
  afterAll(() => {
    for (const server of [outside, inside]) {
      server.closeAllConnections();
      server.close();
    }
  });

  beforeEach(async () => {
    insideHits = 0;
    dialled = [];
    asked = [];
    names = { "public.test": [PUBLIC], "six.test": [PUBLIC_V6] };
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    vi.spyOn(network, "resolve").mockImplementation(async (host) => {
      const found = names[host];
      if (found === undefined) throw new Error(`ENOTFOUND ${host}`);
      return typeof found === "function" ? found() : found;
    });
    vi.spyOn(network, "dial").mockImplementation((address): Socket => {
      dialled.push(address);
      const server = address === PUBLIC || address === PUBLIC_V6 ? outside : inside;
      return connect({ host: "127.0.0.1", port: (server.address() as AddressInfo).port });
    });
    deployment = freshDeployment();
    ada = await signUp(deployment);
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });
}

/** Has a page read into a new project of the person's, and waits for what comes of it. */
export async function readPage(address: string) {
  const project = await ada.as.mutation(api.projects.projects.createProject, {
    name: "Reading",
    description: "",
    links: [],
  });
  const args = { projectId: project._id, address, clientKey: address.slice(0, 90) };
  const pageId = await ada.as.mutation(api.projects.pages.addPage, args);
  await vi.waitFor(
    async () => {
      const [page] = await ada.as.query(api.projects.pages.listPages, { projectId: project._id });
      expect(page?.status).not.toBe("reading");
    },
    { timeout: 20_000, interval: 20 },
  );
  const [page] = await ada.as.query(api.projects.pages.listPages, { projectId: project._id });
  const text = await ada.as.query(api.projects.pages.getPageText, { pageId });
  return { page, text };
}

export const credits = async () =>
  (await ada.as.query(api.credits.usage.current, {})).creditsRemaining;

/** What the Internet of these tests answers, by path. */
function answerOutside({ url = "/", headers }: IncomingMessage, response: ServerResponse): void {
  asked.push(url);
  const address = new URL(url, `http://${headers.host}`);
  const [, what = "", ...rest] = address.pathname.split("/");
  const html = (status = 200) => response.writeHead(status, { "content-type": "text/html" });
  const to = (location: string, status = 302) => response.writeHead(status, { location }).end();
  switch (what) {
    case "robots.txt":
      return answerRobots(headers.host, response);
    case "article":
      return void html().end(ARTICLE);
    case "plain":
      return void response.writeHead(200, { "content-type": "text/plain" }).end("# Notes\n\nAll.");
    case "packed":
      return void response
        .writeHead(200, { "content-type": "text/html", "content-encoding": rest[0] ?? "gzip" })
        .end(gzipSync(ARTICLE));
    case "to":
      return void to(
        decodeURIComponent(rest.join("/")),
        Number(address.searchParams.get("s") ?? 302),
      );
    case "hops": {
      const left = Number(rest[0]);
      return void (left === 0 ? html().end(ARTICLE) : to(`/hops/${left - 1}`));
    }
    case "loop":
      return void to("/loop");
    case "status":
      response.setHeader("retry-after", "1");
      return void html(Number(rest[0])).end("sorry");
    case "busy":
      return void response.writeHead(429, { "retry-after": rest[0] }).end();
    case "type":
      return void response
        .writeHead(
          200,
          rest[0] === "none" ? {} : { "content-type": decodeURIComponent(rest.join("/")) },
        )
        .end("GIF89a");
    case "huge":
      return void response
        .writeHead(200, { "content-type": "text/html", "content-length": String(50 * 1024 * 1024) })
        .write("<p>");
    case "endless":
      html();
      return pour(response, Buffer.alloc(256 * 1024, "<p>more</p>"));
    case "bomb":
      return void response
        .writeHead(200, { "content-type": "text/html", "content-encoding": rest[0] ?? "gzip" })
        .end(gzipSync(Buffer.alloc(60 * 1024 * 1024)));
    case "nested-bomb":
      return void response
        .writeHead(200, { "content-type": "text/html", "content-encoding": "gzip, gzip" })
        .end(gzipSync(gzipSync(Buffer.alloc(8 * 1024 * 1024))));
    case "not-gzip":
      return void response
        .writeHead(200, { "content-type": "text/html", "content-encoding": "gzip" })
        .end("this is no gzip");
    case "slow":
      html();
      return drip(response);
    case "silent":
      return;
    case "hang-up":
      return void response.destroy();
    case "deep":
      return void html().end("<div>".repeat(50_000) + ARTICLE);
    case "many":
      return void html().end("<b>x</b>".repeat(80_000));
    case "empty":
      return void html().end("<html><body><script>x()</script></body></html>");
    case "headers":
      return void response
        .writeHead(200, { "content-type": "text/html", "x-much": "y".repeat(64_000) })
        .end();
    default:
      return void html(404).end("nothing");
  }
}

function answerRobots(host: string | undefined, response: ServerResponse): void {
  const to = (location: string) => void response.writeHead(302, { location }).end();
  switch (host) {
    case "no-robots.test":
      return void response.end("User-agent: *\nDisallow: /\n");
    case "some-robots.test":
      return void response.end("User-agent: *\nDisallow: /plain\n");
    case "long-robots.test":
      response.write("User-agent: *\nDisallow: /plain\n");
      return pour(response, Buffer.alloc(256 * 1024, "# more\n"));
    case "busy-robots.test":
      return void response.writeHead(429).end();
    case "broken-robots.test":
      return void response.writeHead(503).end();
    case "robots-onward.test":
      return to("http://public.test/robots.txt");
    case "robots-inward.test":
      return to("http://127.0.0.1/robots.txt");
    default:
      return void response.writeHead(404).end();
  }
}

function pour(response: ServerResponse, part: Buffer): void {
  const more = (): void => {
    if (!response.destroyed && response.write(part)) setImmediate(more);
    else response.once("drain", more);
  };
  more();
}

function drip(response: ServerResponse): void {
  const timer = setInterval(() => response.write("<p>a</p>"), 500);
  response.once("close", () => clearInterval(timer));
}
