import { expect, test } from "vitest";
import { between } from "./use-selection";

const LIST = ["a", "b", "c", "d"].map((_id) => ({ _id }));

test.each([
  ["downwards", "b", "d", ["b", "c", "d"]],
  ["upwards", "d", "b", ["b", "c", "d"]],
  ["one alone", "c", "c", ["c"]],
  ["from one that has left the list", "x", "c", ["c"]],
])("what lies between two chats: %s", (_, one, other, expected) => {
  expect(between(LIST, one, other)).toEqual(expected);
});
