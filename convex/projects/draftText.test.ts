import fc from "fast-check";
import { expect, test } from "vitest";
import { partialJson, readPartialDraft } from "./draftText";

const whole = {
  name: "Bakery “launch”",
  description: 'Open \\ the "corner" shop,\nin spring: {lease} [oven].',
  tasks: [
    { title: "Sign the lease", notes: "", priority: "high", dueInDays: 3 },
    { title: "東京 👍", notes: "a, b: c", priority: "normal", dueInDays: null },
    { title: "Open", notes: "", priority: "low", dueInDays: 0 },
  ],
};

test("a whole draft is read as it is", () => {
  expect(readPartialDraft(JSON.stringify(whole))).toEqual(whole);
});

test("wherever it breaks off, what is read is a beginning of the whole, and no less than before", () => {
  const text = JSON.stringify(whole, null, 1);
  let readBefore = 0;
  for (let length = 0; length <= text.length; length++) {
    const draft = readPartialDraft(text.slice(0, length));
    expect(whole.name.startsWith(draft.name)).toBe(true);
    expect(whole.description.startsWith(draft.description)).toBe(true);
    expect(draft.tasks.length).toBeLessThanOrEqual(3);
    const read = draft.name.length + draft.description.length;
    expect(read).toBeGreaterThanOrEqual(readBefore);
    readBefore = read;
    for (const [index, { title }] of draft.tasks.entries()) {
      expect(whole.tasks[index]?.title.startsWith(title.replace(/[\ud800-\udbff]$/, ""))).toBe(
        true,
      );
    }
  }
});

test("nothing is lost of a value that is whole", () => {
  const text = JSON.stringify(whole);
  const afterFirst = text.slice(0, text.indexOf('{"title":"東京'));
  expect(readPartialDraft(afterFirst).tasks).toEqual([whole.tasks[0]]);
});

test("any JSON that breaks off anywhere can be read, or is not there yet", () => {
  fc.assert(
    fc.property(fc.json(), fc.nat(), (json, cut) => {
      const text = json.slice(0, cut % (json.length + 1));
      expect(() => partialJson(text)).not.toThrow();
      expect(partialJson(json)).toEqual(JSON.parse(json));
    }),
  );
});

test.each([
  ["[1,2", [1, 2]],
  ["[1,tr", [1]],
  ["[tr", []],
  ['{"a', {}],
  ['{"a":', {}],
  ['{"a":1,"b', { a: 1 }],
  ['{"a":[{"b":1},{"c', { a: [{ b: 1 }, {}] }],
  ['["x\\', ["x"]],
  ['["x\\u00', ["x"]],
  ['["x\\u00e9', ["xé"]],
  ['["\\\\', ["\\"]],
  ['["\\\\u00', ["\\u00"]],
  ['["\\\\\\', ["\\"]],
  ["[[1],2e", [[1]]],
  ["no JSON", undefined],
])("of %s as much is read as is there", (text, value) => {
  expect(partialJson(text)).toEqual(value);
});

test("a day or a priority that nobody knows is none", () => {
  const task = { title: "Open", notes: "", priority: "urgent", dueInDays: -1 };
  expect(readPartialDraft(JSON.stringify({ ...whole, tasks: [task] })).tasks).toEqual([
    { ...task, priority: "normal", dueInDays: null },
  ]);
});

test.each(["", "no JSON", "null", "[1,2", '{"tasks":"none"}', '{"tasks":[null,7]}'])(
  "%j is no reason to fail",
  (text) => {
    expect(() => readPartialDraft(text)).not.toThrow();
  },
);
