import { expect, test } from "vitest";
import { mayLoad } from "./draw-diagram";

test.each([
  "graph TD\n  A[Start] -->|yes| B{Is it?}\n  B --> C[Line one<br/>line two]",
  "sequenceDiagram\n  Ana->>Bo: Hello, how are you?\n  Bo-->>Ana: Fine",
  'pie title Pets\n  "Dogs" : 386\n  "Cats" : 85',
  "stateDiagram-v2\n  [*] --> Still\n  Still --> [*]",
])("an ordinary diagram is drawn at once: %j", (source) => {
  expect(mayLoad(source)).toBe(false);
});

test.each([
  'graph TD\n  A@{ img: "https://evil.example/x.png" }',
  'graph TD\n  A@{ img: "/api/x.png" }',
  "graph TD\n  A[<img src=x>]",
  "graph TD\n  A --> B\n  classDef x fill:url(#a)",
  "graph TD\n  style A fill:u\\72l(x)",
  "%%{init: {'themeCSS': 'x'}}%%\ngraph TD\n  A",
  "---\nconfig:\n  themeCSS: x\n---\ngraph TD\n  A",
  'graph TD\n  click A href "javascript:alert(1)"',
  'graph TD\n  A["![x](y)"]',
])("one that may load something waits for the person: %j", (source) => {
  expect(mayLoad(source)).toBe(true);
});
