// @vitest-environment node
// oxlint-disable no-restricted-imports -- a test of Node's network, with servers of its own
// oxlint-disable @convex-dev/import-wrong-runtime -- it runs in Node
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { api } from "../_generated/api";
import { limitRate } from "../lib/rateLimits";
import { network } from "./network";
import { type Deployment, freshDeployment, type Person, signUp } from "../test.setup";

// The page reader against servers on this machine. Names are resolved from a table, and a
// connection to one of the table's public addresses is led to the server that plays the Internet;
// one to any other address would reach what is inside, and is counted.

const PUBLIC = "93.184.216.34";
const PUBLIC_V6 = "2606:2800:220:1:248:1893:25c8:1946";
const ARTICLE = `<!doctype html><html><head><title>On leases</title></head><body><nav>menu</nav>
  <article><h1>On leases</h1>${"<p>A lease is a contract by which one party lets another use a thing for a time, against rent, and both sign it.</p>".repeat(8)}
  <p>See <a href="/more">more</a> and <a href="javascript:alert(1)">less</a>.</p><script>steal()</script></article></body></html>`;

let outside: Server;
let inside: Server;
let insideHits = 0;
let dialled: string[] = [];
let names: Record<string, string[] | (() => string[])> = {};

let deployment: Deployment;
let ada: Person;

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

/** What the Internet of these tests answers, by path. */
function answerOutside({ url = "/", headers }: IncomingMessage, response: ServerResponse): void {
  const address = new URL(url, `http://${headers.host}`);
  const [, what = "", ...rest] = address.pathname.split("/");
  const html = (status = 200) => response.writeHead(status, { "content-type": "text/html" });
  const to = (location: string, status = 302) => response.writeHead(status, { location }).end();
  switch (what) {
    case "robots.txt":
      return void (headers.host === "no-robots.test"
        ? response.end("User-agent: *\nDisallow: /\n")
        : headers.host === "broken-robots.test"
          ? response.writeHead(503).end()
          : headers.host === "robots-onward.test"
            ? to("http://public.test/robots.txt")
            : headers.host === "robots-inward.test"
              ? to("http://127.0.0.1/robots.txt")
              : response.writeHead(404).end());
    case "article":
      return void html().end(ARTICLE);
    case "plain":
      return void response.writeHead(200, { "content-type": "text/plain" }).end("# Notes\n\nAll.");
    case "packed":
      return void response
        .writeHead(200, { "content-type": "text/html", "content-encoding": "gzip" })
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
      return void html(Number(rest[0])).end("sorry");
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

async function readPage(address: string) {
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

const credits = async () => (await ada.as.query(api.credits.usage.current, {})).creditsRemaining;

test.each([
  ["http://public.test/article", "On leases"],
  ["http://six.test/article", "On leases"],
  ["http://public.test/packed", "On leases"],
  ["http://public.test/hops/5", "On leases"],
  ["http://public.test/plain", "Notes"],
])("%s is read", async (address, title) => {
  const { page, text } = await readPage(address);
  expect(page).toMatchObject({ status: "ready", title, creditsUsed: 5, error: null });
  expect(text).not.toMatch(/<p>|steal|javascript:|menu/);
  expect(await credits()).toBe(95);
});

test("links of a page lead to where they led on it", async () => {
  const { text } = await readPage("http://public.test/article");
  expect(text).toContain("A lease is a contract");
  expect(text).toContain("[more](http://public.test/more)");
});

/** Addresses that lead inside, in every notation, directly. */
const INSIDE = [
  "http://127.0.0.1/",
  "http://127.1/",
  "http://2130706433/",
  "http://0x7f000001/",
  "http://0x7f.0.0.1/",
  "http://0177.0.0.1/",
  "http://017700000001/",
  "http://127.0.0.1./",
  "http://１２７.０.０.１/",
  "http://0/",
  "http://0.0.0.0/",
  "http://10.0.0.1/",
  "http://172.16.0.1/",
  "http://172.31.255.255/",
  "http://192.168.1.1/",
  "http://169.254.169.254/latest/meta-data/",
  "http://100.64.0.1/",
  "http://100.100.100.200/",
  "http://168.63.129.16/",
  "http://192.0.0.192/",
  "http://198.18.0.1/",
  "http://224.0.0.1/",
  "http://240.0.0.1/",
  "http://255.255.255.255/",
  "http://[::1]/",
  "http://[::]/",
  "http://[::ffff:127.0.0.1]/",
  "http://[::ffff:7f00:1]/",
  "http://[::127.0.0.1]/",
  "http://[64:ff9b::7f00:1]/",
  "http://[2002:7f00:1::]/",
  "http://[2001:0:7f00:1::]/",
  "http://[fe80::1]/",
  "http://[fc00::1]/",
  "http://[fd00:ec2::254]/",
  "http://[ff02::1]/",
  "https://127.0.0.1/",
];

/** Names that lead inside. */
const BY_NAME: [string, string[] | (() => string[])][] = [
  ["http://localhost/", ["127.0.0.1"]],
  ["http://inside.test/", ["10.0.0.5"]],
  ["http://metadata.google.internal/", ["169.254.169.254"]],
  ["http://mixed.test/", [PUBLIC, "127.0.0.1"]],
  ["http://mapped.test/", ["::ffff:10.0.0.1"]],
  ["http://zone.test/", ["fe80::1%eth0"]],
  ["http://nonsense.test/", ["not an address"]],
  ["http://rebinding.test/article", answersInTurn([PUBLIC], ["127.0.0.1"])],
  ["http://rebinding.test/to/%2Farticle", answersInTurn([PUBLIC], [PUBLIC], ["169.254.169.254"])],
];

/** Ways of being led inside, out of the web, or nowhere. */
const LED: [address: string, code: string][] = [
  [through("http://127.0.0.1/"), "PRIVATE_ADDRESS"],
  [through("http://[::1]/"), "PRIVATE_ADDRESS"],
  [through("http://0x7f.1/", 301), "PRIVATE_ADDRESS"],
  [through("//169.254.169.254/latest", 307), "PRIVATE_ADDRESS"],
  [through(through("http://192.168.0.1/", 308)), "PRIVATE_ADDRESS"],
  ["http://robots-inward.test/article", "PRIVATE_ADDRESS"],
  [through("file:///etc/passwd"), "BAD_ADDRESS"],
  [through("ftp://public.test/"), "BAD_ADDRESS"],
  [through("gopher://127.0.0.1:6379/_FLUSHALL"), "BAD_ADDRESS"],
  [through("http://user:word@public.test/article"), "BAD_ADDRESS"],
  [through("http://public.test:22/"), "BAD_ADDRESS"],
  ["http://public.test:6379/", "BAD_ADDRESS"],
  ["http://someone:secret@public.test/article", "BAD_ADDRESS"],
  ["http://public.test/hops/6", "TOO_MANY_REDIRECTS"],
  ["http://public.test/loop", "TOO_MANY_REDIRECTS"],
  ["http://public.test/huge", "TOO_LARGE"],
  ["http://public.test/endless", "TOO_LARGE"],
  ["http://public.test/bomb/gzip", "TOO_LARGE"],
  ["http://public.test/nested-bomb", "WRONG_TYPE"],
  ["http://public.test/bomb/zstd", "WRONG_TYPE"],
  ["http://public.test/not-gzip", "UNREACHABLE"],
  ["http://public.test/hang-up", "UNREACHABLE"],
  ["http://public.test/headers", "UNREACHABLE"],
  ["http://nowhere.test/", "UNREACHABLE"],
  ["http://public.test/type/image%2Fgif", "WRONG_TYPE"],
  ["http://public.test/type/application%2Foctet-stream", "WRONG_TYPE"],
  ["http://public.test/type/application%2Fpdf", "WRONG_TYPE"],
  ["http://public.test/type/none", "WRONG_TYPE"],
  ["http://public.test/status/404", "REFUSED_BY_SITE"],
  ["http://public.test/status/403", "REFUSED_BY_SITE"],
  ["http://public.test/status/429", "REFUSED_BY_SITE"],
  ["http://public.test/status/500", "REFUSED_BY_SITE"],
  ["http://no-robots.test/article", "ROBOTS"],
  ["http://broken-robots.test/article", "ROBOTS"],
  [through("http://no-robots.test/article"), "ROBOTS"],
  ["http://public.test/deep", "NO_TEXT"],
  ["http://public.test/many", "NO_TEXT"],
  ["http://public.test/empty", "NO_TEXT"],
];

function through(location: string, status = 302): string {
  return `http://public.test/to/${encodeURIComponent(location)}?s=${status}`;
}

/** A name that answers differently each time it is asked. */
function answersInTurn(...answers: string[][]): () => string[] {
  let asked = 0;
  return () => answers[Math.min(asked++, answers.length - 1)] ?? [];
}

async function expectRefused(address: string, code: string): Promise<void> {
  const { page, text } = await readPage(address);
  expect(page).toMatchObject({ status: "failed", creditsUsed: 0, error: { code } });
  expect(page?.error?.message).toMatch(/^[A-Z].*\. You were not charged\.$/);
  expect(text).toBe("");
  expect(insideHits).toBe(0);
  expect(dialled.filter((to) => to !== PUBLIC && to !== PUBLIC_V6)).toEqual([]);
  expect(await credits()).toBe(100);
}

test.each(INSIDE)("%s is not entered", async (address) => {
  await expectRefused(address, "PRIVATE_ADDRESS");
});

test.each(BY_NAME)("%s, by its name, is not entered", async (address, answer) => {
  names[new URL(address).hostname] = answer;
  await expectRefused(address, "PRIVATE_ADDRESS");
});

test.each(LED)("%s is refused as %s", async (address, code) => {
  for (const host of ["no-robots.test", "broken-robots.test", "robots-inward.test"]) {
    names[host] = [PUBLIC];
  }
  await expectRefused(address, code);
});

test("a page that comes too slowly, and one that never comes, end after ten seconds", async () => {
  // Both at once, because each takes its ten seconds.
  const [slow, silent] = await Promise.all([
    readPage("http://public.test/slow"),
    readPage("http://public.test/silent"),
  ]);
  for (const { page } of [slow, silent]) {
    expect(page).toMatchObject({ status: "failed", error: { code: "TIMEOUT" }, creditsUsed: 0 });
  }
  expect(await credits()).toBe(100);
}, 40_000);

test.each([
  "",
  "file:///etc/passwd",
  "javascript:alert(1)",
  "data:text/html,x",
  "http://",
  "ht tp://x",
])("%j is no address, and nothing is charged", async (address) => {
  await expect(readPage(address)).rejects.toMatchObject({ data: { code: "INVALID_REQUEST" } });
  expect(await credits()).toBe(100);
});

test("a trusted private host is read, and no other one", async () => {
  vi.stubEnv("PAGE_READER_TRUSTED_HOSTS", "wiki.corp, 10.0.0.7:8080");
  names["wiki.corp"] = ["10.0.0.5"];
  names["other.corp"] = ["10.0.0.5"];
  expect((await readPage("http://wiki.corp/")).page?.status).toBe("ready");
  expect((await readPage("http://other.corp/")).page?.error?.code).toBe("PRIVATE_ADDRESS");
  vi.unstubAllEnvs();
});

test("one person has ten pages read in a minute, and not more", async () => {
  for (let index = 0; index < 10; index++) await readPage(`http://public.test/article?${index}`);
  await expect(readPage("http://public.test/article?11")).rejects.toMatchObject({
    data: { code: "TOO_MANY_REQUESTS" },
  });
  expect(await credits()).toBe(50);
});

describe("a website is asked for so many pages a minute", () => {
  const busy = { error: { code: "TOO_MANY_REQUESTS" }, status: "failed", creditsUsed: 0 };

  /** As if others had just had so many pages of it read. */
  async function readBefore(site: string, times: number) {
    await deployment.run(async (ctx) => {
      for (let n = 0; n < times; n++) await limitRate(ctx, "pageHost", site);
    });
  }

  test.each([
    "public.test/",
    "public.test./",
    "PUBLIC.test/",
    "public.test:8080/",
    "https://public.test/",
  ])("however its name is written: %s", async (address) => {
    await readBefore("public.test", 20);
    await expect(readPage(address)).rejects.toMatchObject({
      data: { code: "TOO_MANY_REQUESTS" },
    });
  });

  test.each([
    ["a page", `/to/${encodeURIComponent("http://public.test/article")}`],
    ["the robots.txt of one", "/robots.txt"],
  ])("though %s of another one leads there", async (_, path) => {
    names["robots-onward.test"] = [PUBLIC];
    await readBefore("public.test", 19);
    const address = `http://robots-onward.test${path}`;
    const first = await readPage(`${address}?first`);
    expect(first.page?.error?.code).not.toBe("TOO_MANY_REQUESTS");
    expect((await readPage(`${address}?second`)).page).toMatchObject(busy);
  });
});

test("an address is as long as it is written out, and no longer than its limit", async () => {
  const path = "漢".repeat(220);
  await expect(readPage(`public.test/${path}`)).resolves.toBeDefined();
  await expect(readPage(`public.test/more/${path}`)).rejects.toMatchObject({
    data: { code: "INVALID_REQUEST", message: expect.stringMatching(/2,000 .* 2,0\d\d/) },
  });
});
