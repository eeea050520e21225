import { describe, expect, test } from "vitest";
import { TITLE_MAX_CHARACTERS } from "./limits";
import { readableText, TEXT_MAX_CHARACTERS } from "./readable";
import { slimHtml } from "./slimHtml";

const SENTENCE = "A lease lets one party use what belongs to another, for a time and against rent.";
const PARAGRAPH = `<p>${SENTENCE}</p>`;

async function read(
  source: string | Buffer,
  contentType = "text/html; charset=utf-8",
  url = "https://example.com/guides/leases",
) {
  return await readableText({
    url: new URL(url),
    contentType,
    body: Buffer.from(source),
    status: 200,
    retryAfter: null,
  });
}

const page = (body: string, head = "") =>
  `<!doctype html><html><head><title>How leases work</title>${head}</head><body>${body}</body></html>`;

describe("an article", () => {
  test("keeps its headings, lists, links, code and marks, and loses what stands around it", async () => {
    const { title, text } = await read(
      page(
        `<nav><a href="/">Home</a></nav><script>if (1 < 2) document.write("<p>no</p>")</script>
        <!-- <p>no</p> --><style>p > a { color: red }</style>
        <main><article class="post"><h1>How leases work</h1>${PARAGRAPH.repeat(5)}
        <h2>What&#8217;s in it &amp; what isn&apos;t</h2>
        <ol start="3"><li>The rent: 2 &lt; 3 &gt; 1</li><li>The <em>term</em></li></ol>
        <p>Read <a title='a > b' href="more?x=1&amp;y=2">more, &quot;if you like&quot;</a>, or
        <a href="javascript:alert(1)">nothing</a>; a < b is plain.</p>
        <pre><code class="language-js">if (a &lt; b &amp;&amp; c) {}</code></pre>
        <svg><path d="M0 0"/></svg>${PARAGRAPH.repeat(3)}</article></main>
        <aside>Buy now</aside><footer>Imprint</footer>`,
        `<meta property="og:title" content="How leases work">`,
      ),
    );
    expect(title).toBe("How leases work");
    for (const part of [
      "## What’s in it & what isn't",
      "3.  The rent: 2 < 3 > 1",
      "4.  The _term_",
      `[more, "if you like"](https://example.com/guides/more?x=1&y=2)`,
      "or nothing; a < b is plain.",
      "```js\nif (a < b && c) {}\n```",
    ]) {
      expect(text).toContain(part);
    }
    for (const part of ["Home", "no", "Buy", "Imprint", "alert", "color"]) {
      expect(text).not.toMatch(new RegExp(`\\b${part}\\b`));
    }
    expect(text.split(SENTENCE)).toHaveLength(9);
  });

  test("keeps the blank lines of its code, and nothing of pictures, players and buttons", async () => {
    const around = `<p>a<img src=x alt=b><button>c</button><video>d</video><iframe>e</iframe></p>`;
    const { text } = await read(`${around}<pre><code>one\n\n\n\ntwo</code></pre>`);
    expect(text).toBe("a\n\n```\none\n\n\n\ntwo\n```");
  });

  test("of an old page, whose tags are not closed, is read to its end", async () => {
    const { text } = await read(page(`<h1>Leases</h1>${`<p>${SENTENCE}`.repeat(400)}<p>The end`));
    expect(text.endsWith("The end")).toBe(true);
  });

  test.each([
    "<!doctype html><html><head><title>Leases</title></head><body>",
    "<!doctype html><title>Leases</title><body class=x>",
    "<title>Leases</title>",
    "<html><title>Leases</title><body>",
    "<!doctype html>\n<head><title>Leases</title></head><body>",
    "<HTML lang=en><HEAD><TITLE>Leases</TITLE></HEAD>",
  ])("is read in a page that begins with %s", async (frame) => {
    const { title, text } = await read(frame + PARAGRAPH.repeat(8));
    expect(title).toBe("Leases");
    expect(text.split(SENTENCE)).toHaveLength(9);
    expect(text).not.toContain("Leases");
  });

  test("that is very long is read from its beginning", async () => {
    const { text } = await read(page(`<article>${PARAGRAPH.repeat(8_000)}</article>`));
    expect(text.startsWith(SENTENCE)).toBe(true);
    expect(text.length).toBeGreaterThan(100_000);
  });
});

describe("a page", () => {
  test("of a few words is read whole, and named for its host when it has no title", async () => {
    const { title, text, excerpt } = await read("<div><p>Closed\n today.</p></div>");
    expect({ title, text, excerpt }).toEqual({
      title: "example.com",
      text: "Closed today.",
      excerpt: "Closed today.",
    });
  });

  test("has a title and an excerpt of one line each, no longer than there is room for", async () => {
    const described = `<meta name="description" content="All\n about   leases">`;
    expect((await read(page(PARAGRAPH.repeat(8), described))).excerpt).toBe("All about leases");
    const long = `<title>\n${"👍".repeat(101)}</title><meta name="description" content="${"x".repeat(241)}">`;
    const { title, excerpt } = await read(long + PARAGRAPH.repeat(8));
    expect(title).toBe("👍".repeat(TITLE_MAX_CHARACTERS / 2));
    expect(excerpt).toBe("x".repeat(240));
    expect((await read("word ".repeat(2000), "text/plain")).excerpt).toHaveLength(240);
  });

  test("loses the addresses that lead to no page", async () => {
    const links = ["mailto:ada@example.com", "http://[", "ftp://example.com", "http://b.test/"];
    const { text } = await read(links.map((href) => `<p><a href="${href}">it</a></p>`).join(""));
    expect(text).toBe("it\n\nit\n\nit\n\n[it](http://b.test/)");
  });

  test.each([
    ["# Notes\n\nAll.", "https://example.com/a/notes.md/", "Notes"],
    ["All.", "https://example.com/a/notes.md/", "notes.md"],
    ["All.", "https://example.com/", "example.com"],
  ])(
    "of plain text (%j at %s) is kept as it is, under the title %s",
    async (source, url, title) => {
      for (const type of ["text/plain", "Text/Markdown ; charset=utf-8"]) {
        expect(await read(`\n${source}\n`, type, url)).toMatchObject({ title, text: source });
      }
    },
  );

  test("in XHTML is one", async () => {
    expect((await read("<p>a</p>", "application/xhtml+xml")).text).toBe("a");
  });

  test.each([
    ["", "The page does not say what it is."],
    ["image/png", "That is no page of text but image/png."],
  ])("of the type %j is none", async (type, message) => {
    await expect(read("a", type)).rejects.toMatchObject({ code: "WRONG_TYPE", message });
  });

  test.each([
    ["its server", "text/plain; charset='iso-8859-1'", "Caf\u00e9"],
    ["itself", "text/html", `<meta charset="latin1"><p>Caf\u00e9</p>`],
  ])("is read by the charset that %s names", async (_, type, source) => {
    expect((await read(Buffer.from(source, "latin1"), type)).text).toBe("Café");
  });

  test.each(["text/plain", "text/plain; charset=unheard-of"])(
    "that says %s is read as UTF-8",
    async (type) => {
      expect((await read("Café", type)).text).toBe("Café");
    },
  );

  test("without text, and one of too many tags, is none", async () => {
    for (const source of ["<script>a</script>", "<b>x</b>".repeat(110_000)]) {
      await expect(read(source)).rejects.toMatchObject({ code: "NO_TEXT" });
    }
  });

  test("is cut to as much text as a model reads", async () => {
    const { text } = await read("x".repeat(TEXT_MAX_CHARACTERS + 1), "text/plain");
    expect(text).toHaveLength(TEXT_MAX_CHARACTERS);
  });
});

describe("what no article needs costs nothing", () => {
  test.each([
    ["comments", "<!-- <p> -->".repeat(1_000)],
    ["a script that is never closed", "<script>" + PARAGRAPH.repeat(100)],
    ["what hides in attributes", `<div data-x="${"<p>".repeat(1_000)}" onclick='<b>'></div>`],
    ["a tag that is never closed", `<p title="${PARAGRAPH.repeat(100)}`],
    ["declarations", "<!DOCTYPE x><?xml ?></ >"],
  ])("%s", (_, html) => {
    const slim = slimHtml(`<p>a</p>${html}`) ?? "";
    expect(slim.replaceAll(SENTENCE, "").length).toBeLessThan(1_000);
    expect(slim.startsWith("<p>a</p>")).toBe(true);
  });
});

// Each of these took between 2 and 47 seconds when a page was taken apart as it came, and takes a
// fraction of one now. A test does not have the machine for itself, so it only ends what hangs.
const HANGS_AFTER_MS = 10_000;
/** Of a page that is read, no more than this is built. */
const MAX_BUILT_TAGS = 30_000;

const nested = (depth: number) => "<div>".repeat(depth) + PARAGRAPH + "</div>".repeat(depth);

test.each([
  ["brackets that open nothing", "<p>" + "< ".repeat(2_400_000)],
  ["brackets before digits", "<p>" + "<1".repeat(2_400_000)],
  ["entities", "<p>" + "&amp;&lt;&#60;".repeat(350_000)],
  ["links", `<a href="/x?y=1">a link to it</a> `.repeat(19_900)],
  ["deep boxes", nested(280).repeat(65)],
  ["boxes less deep", nested(140).repeat(130)],
  ["comments", PARAGRAPH.repeat(9) + "<!-- x -->".repeat(480_000)],
  ["attributes", `<div ${"a=x ".repeat(1_000_000)}>${PARAGRAPH.repeat(9)}</div>`],
  ["elements that are never closed", "<svg><template>".repeat(300_000)],
])(
  "a page made of %s holds nobody up",
  async (_, body) => {
    const tags = slimHtml(page(body))?.split("<").length ?? 0;
    expect(tags).toBeLessThanOrEqual(MAX_BUILT_TAGS + 2);
    const text = await read(page(body)).then(
      (found) => found.text,
      (error: Error) => error.message,
    );
    expect(text).not.toBe("");
  },
  HANGS_AFTER_MS,
);
