// @vitest-environment node
import { expect, test, vi } from "vitest";
import { asked, dialled, names, playInternet, PUBLIC, PUBLIC_V6, readPage } from "./internet.setup";
import { network } from "./network";

playInternet();

test.each([
  ["status/404", "There is no such page (404)."],
  ["status/410", "There is no such page (410)."],
  ["status/401", "The page is not open to everybody (401)."],
  ["status/403", "The page is not open to everybody (403)."],
  ["busy/120", "The site asks to be left alone for 2 minutes (429)."],
  ["busy/1.5", "The site asks to be left alone for 2 seconds (429)."],
  ["busy/soon", "The site asks to be left alone (429)."],
  ["busy/0", "The site asks to be left alone (429)."],
  ["status/500", "The site answered with an error (500)."],
  // A redirect that leads nowhere.
  ["status/302", "The site answered with an error (302)."],
])("of %s a person is told: %s", async (path, sentence) => {
  const { page } = await readPage(`http://public.test/${path}`);
  expect(page?.error).toEqual({
    code: "REFUSED_BY_SITE",
    message: `${sentence} You were not charged.`,
  });
});

test.each([
  ["some-robots.test/article", undefined],
  ["some-robots.test/plain", "ROBOTS"],
  // Longer than a page may be: it is read as far as that.
  ["long-robots.test/article", undefined],
  ["long-robots.test/plain", "ROBOTS"],
  ["busy-robots.test/article", "ROBOTS"],
])("as robots.txt says, what comes of %s is %s", async (address, code) => {
  names[address.split("/")[0]!] = [PUBLIC];
  expect((await readPage(`http://${address}`)).page?.error?.code).toBe(code);
});

test("a site is asked for its robots.txt once, however often it leads on", async () => {
  await readPage("http://public.test/hops/5");
  expect(asked.filter((path) => path === "/robots.txt")).toHaveLength(1);
});

test.each([
  ["http://public.test/article", 80],
  ["https://public.test/article", 443],
  ["http://public.test:8080/article", 8080],
])("%s is dialled at its port", async (address, port) => {
  await readPage(address);
  expect(vi.mocked(network.dial).mock.calls.at(-1)).toEqual([PUBLIC, port]);
});

test("of a host's addresses one of the kind that every machine has is dialled", async () => {
  names["both.test"] = [PUBLIC_V6, PUBLIC];
  expect((await readPage("http://both.test/article")).page?.status).toBe("ready");
  expect(new Set(dialled)).toEqual(new Set([PUBLIC]));
});

test.each([
  ["http://nothing.test/", "UNREACHABLE"],
  ["http://someone@public.test/article", "BAD_ADDRESS"],
  ["http://:secret@public.test/article", "BAD_ADDRESS"],
  [`http://public.test/to/${encodeURIComponent("mailto:ada@example.com")}`, "BAD_ADDRESS"],
  [`http://public.test/to/${encodeURIComponent("http://[")}`, "BAD_ADDRESS"],
])("%s is refused as %s", async (address, code) => {
  names["nothing.test"] = [];
  expect((await readPage(address)).page?.error?.code).toBe(code);
});

test("how a page is packed may be told in any case", async () => {
  expect((await readPage("http://public.test/packed/GZIP")).page?.status).toBe("ready");
});

test("a trusted host is read at its port, in a list with blanks in it", async () => {
  vi.stubEnv("PAGE_READER_TRUSTED_HOSTS", " wiki.corp:3000 , ,");
  names["wiki.corp"] = ["10.0.0.5"];
  expect((await readPage("http://wiki.corp:3000/")).page?.status).toBe("ready");
  expect((await readPage("http://wiki.corp/")).page?.error?.code).toBe("PRIVATE_ADDRESS");
  vi.unstubAllEnvs();
});
