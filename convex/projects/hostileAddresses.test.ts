// @vitest-environment node
import { expect, test, vi } from "vitest";
import {
  credits,
  dialled,
  insideHits,
  names,
  playInternet,
  PUBLIC,
  PUBLIC_V6,
  readPage,
} from "./internet.setup";

playInternet();

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

test("a site that asks to be left alone says for how long", async () => {
  const { page } = await readPage("http://public.test/status/429");
  expect(page?.error?.message).toContain("left alone for 1 second (429).");
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
