import { newSigningKeys } from "./keys.ts";

// `npm run -s keys`: a new pair of the keys that sign sessions, as `npx convex env set` reads them.

for (const [name, value] of Object.entries(await newSigningKeys())) {
  console.log(`${name}='${value}'`);
}
