// @vitest-environment node
import { describe, expect, test } from "vitest";
import { limitRate } from "../lib/rateLimits";
import { credits, deployment, names, playInternet, PUBLIC, readPage } from "./internet.setup";

playInternet();

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
