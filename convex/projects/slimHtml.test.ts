import { describe, expect, test } from "vitest";
import { slimHtml } from "./slimHtml";

describe("of the source", () => {
  test.each([
    [
      "a tag loses what no article needs",
      '<p class="x" onclick="y" data-z>a</p>',
      '<p class="x">a</p>',
    ],
    ["names are in small letters", '<DIV CLASS="A">a</Div >', '<div class="A">a</div>'],
    [
      "values stand in any quotes or none",
      `<a href='/x' id=y/z class=c>`,
      '<a href="/x" id="y/z" class="c">',
    ],
    ["blanks may stand around a value", '<a\thref\n=\r "/x"\f>', '<a href="/x">'],
    ["a tag may close itself", "a<br/>b<hr / >", "a<br>b<hr>"],
    ["an attribute needs no value", '<p hidden class="x">', '<p hidden="" class="x">'],
    ["a quote in a value stays in it", `<p id='say "hi"'>`, '<p id="say &quot;hi&quot;">'],
    ["what an attribute that is left out holds is no tag", '<p title="a>b" id=x>', '<p id="x">'],
    ["an end tag has no attributes", '<p>a</p class="x">', "<p>a</p>"],
    ["a sign that opens no tag is one", "1 < 2 <3", "1 &lt; 2 &lt;3"],
    [
      "comments and declarations are left out",
      "<!doctype html>a<!-- <b> -->b<?xml?>c</ 3>d",
      "abcd",
    ],
    ["a comment that does not end takes the rest", "a<!-- b > c", "a"],
    ["a declaration that does not end takes the rest", "a<!doctype", "a"],
    ["a script goes with what is in it", "a<script>if (a < b) {}</script >b", "ab"],
    ["an element ends with its own name", "<style></styles>a</style>b", "b"],
    ["its end tag may be long", '<style>a</style id="x">b', "b"],
    ["one that has no end goes alone", "<script>a <style>b", "a b"],
    ["one whose end tag has no end takes the rest", "a<script>b</script ", "a"],
    ["each ends at its own end", "<svg>a</svg>b<svg>c</svg>d", "bd"],
    ["pictures and the page's frame are left out", "<html><body>a<img src=x>b</body></html>", "ab"],
    ["a title that has no end is empty", "<title>a", "<title></title>a"],
    ["a tag that has no end takes the rest", 'a<b>b<i class="x', "a<b>b"],
    ["also one without a word behind its name", "a<i ", "a"],
  ])("%s", (_, html, slim) => {
    expect(slimHtml(html)).toBe(slim);
  });
});

test.each([
  ["&quot;&apos;&nbsp;&gt;&QUOT;", `"'\u00a0>"`],
  ["&#8217; &#x2019; &#X2019;", "’ ’ ’"],
  ["&#39; &#x22; &#160; &#xd7ff;", `' " \u00a0 \ud7ff`],
  ["&amp; &lt; &#60; &#38; &eacute;", "&amp; &lt; &#60; &#38; &eacute;"],
  ["&#150; &#x9f; &#xd800; &#xe000;", "&#150; &#x9f; &#xd800; &#xe000;"],
  ["a & b", "a & b"],
])("the entities of %j are what they stand for, where that is no markup", (html, slim) => {
  expect(slimHtml(html)).toBe(slim);
});

test("a title is kept as it is", () => {
  expect(slimHtml("<title>A &amp; <b>&#39;</title>a")).toMatch(
    /^<title>A &amp; <b>&#39;<\/title>.*a$/,
  );
});

describe("of a long page", () => {
  test("an address is kept whole or not at all, and a list of classes is cut", () => {
    const of = (href: string, list: string) => slimHtml(`<a href="${href}" class="${list}">`);
    const [longest, list] = ["x".repeat(2000), "y".repeat(1000)];
    expect(of(longest, list)).toBe(`<a href="${longest}" class="${list}">`);
    expect(of(`${longest}x`, `${list}y`)).toBe(`<a class="${list}">`);
  });

  test("a tag keeps only so many attributes, and a title so much of its text", () => {
    const attribute = ` class="${"x".repeat(1000)}"`;
    expect(slimHtml(`<p${attribute.repeat(9)}>`)).toBe(`<p${attribute.repeat(4)}>`);
    const title = "x".repeat(1000);
    expect(slimHtml(`<title>${title}x</title>a`)).toBe(`<title>${title}</title>a`);
  });

  test("what follows many tags is left out", () => {
    expect(slimHtml("<i>".repeat(40_000))).toBe("<i>".repeat(30_001));
    const entities = "&amp;".repeat(40_000);
    expect(slimHtml(`${entities}<i>a`)).toBe(entities);
  });

  test("too many tags are no page", () => {
    expect(slimHtml("<i>".repeat(200_000))).not.toBeNull();
    expect(slimHtml("<i>".repeat(200_001))).toBeNull();
  });

  test("what follows much text is left out", () => {
    const text = "x".repeat(600_000);
    expect(slimHtml(`${text}xyz`)).toBe(text);
    expect(slimHtml(`${text.slice(1)}<i>y<b>z`)).toBe(`${text.slice(1)}<i>y`);
  });
});
