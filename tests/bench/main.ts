import { parseArgs } from "node:util";
import { bytesOnTheWire } from "./bytes-on-the-wire.ts";
import { chat } from "./chat.ts";
import { credits } from "./credits.ts";
import { deployment } from "./deployment/deployment.ts";
import { fiftyAtOnce } from "./fifty-at-once.ts";
import { firstWord } from "./first-word.ts";
import { hostileInput } from "./hostile-input.ts";
import { killed } from "./killed.ts";
import { isWithin, table, type Figure } from "./report.ts";
import { LazySetting } from "./setting.ts";
import { simulation } from "./simulation.ts";
import { tokenToPage } from "./token-to-page.ts";

// `npm run bench [-- measure …] [--json]`: what Parley promises about speed, bytes and faults, each
// figure beside its baseline in the same run. Ends with code 1 when a figure is out of bounds.

/** Measures start for themselves what they need besides the product, which they share. */
const MEASURES: Readonly<Record<string, (setting: LazySetting) => Promise<Figure[]>>> = {
  "token-to-page": async (setting) => tokenToPage(await setting.get()),
  "first-word": async (setting) => firstWord(await setting.get()),
  "fifty-at-once": async (setting) => fiftyAtOnce(await setting.get()),
  "bytes-on-the-wire": async (setting) => bytesOnTheWire(await setting.get()),
  chat: async (setting) => chat(await setting.get()),
  credits,
  deployment,
  killed,
  "hostile-input": hostileInput,
  simulation,
};

const { values, positionals } = readArguments();
const unknown = positionals.filter((name) => !(name in MEASURES));
if (unknown.length > 0) {
  console.error(
    `No such measure: ${unknown.join(", ")}. There are ${Object.keys(MEASURES).join(", ")}.`,
  );
  process.exit(1);
}

const figures: Figure[] = [];
const setting = new LazySetting();
try {
  for (const [name, measure] of Object.entries(MEASURES)) {
    if (positionals.length > 0 && !positionals.includes(name)) continue;
    if (!values.json) console.log(`${name} …`);
    figures.push(...(await measure(setting)));
  }
} finally {
  await setting.stop();
}
console.log(values.json ? JSON.stringify(figures, null, 2) : `\n${table(figures)}`);
process.exitCode = figures.every(isWithin) ? 0 : 1;

function readArguments() {
  try {
    const options = { json: { type: "boolean", default: false } } as const;
    return parseArgs({ allowPositionals: true, options });
  } catch (error) {
    console.error((error as Error).message);
    process.exit(1);
  }
}
