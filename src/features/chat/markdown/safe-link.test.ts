import { expect, test } from "vitest";
import { disguisedHost } from "./safe-link";

test.each([
  ["https://bank.example", "https://evil.example/login", "evil.example"],
  ["bank.example/login", "http://evil.example", "evil.example"],
  ["www.bank.example", "https://bank.example.evil.example", "bank.example.evil.example"],
])("%s that leads to %s says so", (words, href, host) => {
  expect(disguisedHost(words, href)).toBe(host);
});

test.each([
  ["our bank", "https://bank.example"],
  ["https://bank.example/a", "https://www.bank.example/b"],
  ["somebody@bank.example", "mailto:somebody@bank.example"],
  ["e.g. this", "https://bank.example"],
])("%s for %s needs no word", (words, href) => {
  expect(disguisedHost(words, href)).toBeNull();
});
