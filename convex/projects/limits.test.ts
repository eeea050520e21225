import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  acceptedLinks,
  boundedLimit,
  calendarDay,
  LINK_LABEL_MAX_CHARACTERS,
  LINKS_MAX,
  optionalText,
  requiredText,
  siteOf,
  URL_MAX_CHARACTERS,
  webAddress,
} from "./limits";

const refusal = expect.objectContaining({
  data: expect.objectContaining({ code: "INVALID_REQUEST" }) as unknown,
}) as Error;

test("a text is kept without the blanks around it, as long as it may be", () => {
  expect(optionalText("  ", "a note", 3)).toBe("");
  expect(requiredText(" abc\n", "a title", 3)).toBe("abc");
  expect(() => optionalText("abcd", "a note", 3)).toThrow(/a note: at most 3 .* this has 4/);
  expect(() => requiredText(" \n", "a title", 3)).toThrow("Give it a title.");
});

test("a day is one that the calendar has", () => {
  expect(calendarDay(null)).toBeNull();
  for (const day of ["2026-11-27", "2028-02-29"]) expect(calendarDay(day)).toBe(day);
  for (const day of ["2026-02-29", "2026-11-31", "2026-11", "+010000-01", "27.11.2026", ""]) {
    expect(() => calendarDay(day)).toThrow(refusal);
  }
});

test("a limit is a whole number from 1 to the most, whatever is asked for", () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.double(), fc.integer()),
      fc.integer({ min: 1, max: 99 }),
      (asked, max) => {
        const limit = boundedLimit(asked, max);
        expect(Number.isInteger(limit) && limit >= 1 && limit <= max).toBe(true);
        expect(boundedLimit(limit, max)).toBe(limit);
      },
    ),
  );
});

describe("links", () => {
  const link = { label: "Menu", url: "https://example.com/menu" };

  test("keep their names, or are named for their hosts", () => {
    const host = { label: " ", url: "example.com:8080" };
    expect(acceptedLinks([link, host])).toEqual([
      link,
      { label: "example.com:8080", url: "https://example.com:8080/" },
    ]);
  });

  test("are as many, and have names as long, as may be", () => {
    const label = "x".repeat(LINK_LABEL_MAX_CHARACTERS);
    const links = Array.from({ length: LINKS_MAX }, () => ({ ...link, label }));
    expect(acceptedLinks(links)).toEqual(links);
    expect(() => acceptedLinks([...links, link])).toThrow(refusal);
    expect(() => acceptedLinks([{ ...link, label: `${label}x` }])).toThrow(refusal);
  });
});

test.each([
  [" example.com/a b ", "https://example.com/a%20b"],
  ["http://example.com", "http://example.com/"],
  ["HTTPS://EXAMPLE.COM", "https://example.com/"],
  ["example.com:8080/x", "https://example.com:8080/x"],
  ["localhost:8080", "https://localhost:8080/"],
])("%j is the address %s", (typed, href) => {
  expect(webAddress(typed).href).toBe(href);
});

test.each(["", "  ", "javascript:alert(1)", "mailto:ada@example.com", "ftp://example.com", "a b"])(
  "%j is no address of the web",
  (typed) => {
    expect(() => webAddress(typed)).toThrow(refusal);
  },
);

test("an address is as long as it may be, written out", () => {
  const longest = "https://example.com/".padEnd(URL_MAX_CHARACTERS, "x");
  expect(webAddress(longest).href).toBe(longest);
  expect(() => webAddress(`${longest}x`)).toThrow(refusal);
});

test("a website is one, whatever its port, and whether a dot ends its name", () => {
  for (const address of ["https://example.com", "http://example.com.:8080/a", "example.COM."]) {
    expect(siteOf(webAddress(address))).toBe("example.com");
  }
});
