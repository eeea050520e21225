import fc from "fast-check";
import { expect, test } from "vitest";
import { follow, pagesToWatch, STREAM_START } from "./stream-text";

type Pages = readonly (string | null | undefined)[];

/** Follows from the start through these states and tells what is shown after the last. */
function shownAfter(...states: readonly (readonly [opened: number | undefined, pages: Pages])[]) {
  return states.reduce(
    (progress, [opened, pages]) => follow(progress, opened, (page) => pages[page]),
    STREAM_START,
  ).shown;
}

test("pages make one text, in order, and the page ahead that does not exist yet adds nothing", () => {
  expect(shownAfter([3, ["The tide ", "turns ", "twice", null]])).toBe("The tide turns twice");
});

test("who comes in the middle sees nothing until the whole beginning is there", () => {
  expect(shownAfter([undefined, ["The tide ", "turns "]])).toBe("");
  expect(shownAfter([3, ["The tide ", undefined, "twice"]])).toBe("");
  expect(shownAfter([2, ["The tide ", "turns ", undefined]])).toBe("The tide turns ");
});

test("the page ahead shows its letters before its opening is known", () => {
  expect(shownAfter([1, ["The tide ", "tu"]])).toBe("The tide tu");
});

test("nothing after a gap is shown, and nothing that was shown is taken away", () => {
  const begun = [1, ["The "]] as const;
  expect(shownAfter(begun, [3, ["The tide ", undefined, "twice"]])).toBe("The tide ");
  const whole = [2, ["The tide ", "turns"]] as const;
  expect(shownAfter(whole, [2, [undefined, undefined]])).toBe("The tide turns");
  expect(shownAfter(whole, [0, [null, null]])).toBe("The tide turns");
});

test("a full page is settled and no longer watched", () => {
  const pages = ["The tide ", "turns ", "tw"];
  const progress = follow(STREAM_START, 3, (page) => pages[page]);
  expect(progress).toEqual({
    settledPages: 2,
    settledText: "The tide turns ",
    shown: "The tide turns tw",
  });
  expect(pagesToWatch(progress.settledPages, 3)).toEqual([2, 3]);
  const rest: Pages = [undefined, undefined, "twice", null];
  expect(follow(progress, 3, (page) => rest[page]).shown).toBe("The tide turns twice");
});

test("what changes nothing gives the same object", () => {
  const progress = follow(STREAM_START, 1, () => "The");
  expect(follow(progress, 1, (page) => (page === 0 ? "The" : null))).toBe(progress);
});

test("before anything is known the first page and its successor are watched", () => {
  expect(pagesToWatch(0, undefined)).toEqual([0, 1]);
  expect(pagesToWatch(0, 0)).toEqual([0, 1]);
  expect(pagesToWatch(0, 1)).toEqual([0, 1]);
  expect(pagesToWatch(0, 4)).toEqual([0, 1, 2, 3, 4]);
});

test("however pages arrive, what is shown is a prefix that only grows and ends whole", () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ minLength: 1 })),
      fc.infiniteStream(fc.boolean()),
      (pages, arrived) => {
        const whole = pages.join("");
        let progress = STREAM_START;
        const take = (opened: number, page: (number: number) => string | undefined) => {
          const before = progress.shown;
          progress = follow(progress, opened, page);
          expect(whole.startsWith(progress.shown)).toBe(true);
          expect(progress.shown.length).toBeGreaterThanOrEqual(before.length);
        };
        for (let opened = 0; opened <= pages.length; opened++) {
          take(opened, (page) => (page < opened && arrived.next().value ? pages[page] : undefined));
        }
        take(pages.length, (page) => pages[page]);
        expect(progress.shown).toBe(whole);
      },
    ),
  );
});
