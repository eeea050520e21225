import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConvexHttpClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";
import type { Value } from "convex/values";
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Deployment, startDeployment } from "../deployment.ts";
import { CliProject } from "../push/cli-project.ts";

const SIGNING = `
  import { v } from "convex/values";
  import { mutation } from "./_generated/server";
  export const sign = mutation({
    args: { claims: v.optional(v.any()), expiresInSeconds: v.any() },
    handler: (ctx, options) => ctx.auth.signJwt(options as any),
  });`;
const PROJECT = {
  "convex/tokens.ts": `${SIGNING}
    import { components } from "./_generated/api";
    import { query } from "./_generated/server";
    export const signWithin = mutation({
      args: {},
      handler: (ctx): Promise<string> =>
        ctx.runMutation((components as any).stamps.tokens.sign, { expiresInSeconds: 60 }),
    });
    export const whoAmI = query({
      args: {},
      handler: async (ctx) => (await ctx.auth.getUserIdentity())?.subject ?? null,
    });`,
  "convex/auth.config.ts": `
    const issuer = process.env.CONVEX_CLOUD_URL!;
    const jwks = issuer + "/.well-known/jwks.json";
    export default {
      providers: [{ type: "customJwt", applicationID: "app", issuer, jwks, algorithm: "ES256" }],
    };`,
  "convex/convex.config.ts": `
    import { defineApp } from "convex/server";
    import stamps from "../stamps/convex.config";
    const app = defineApp();
    app.use(stamps);
    export default app;`,
  "stamps/convex.config.ts": `
    import { defineComponent } from "convex/server";
    export default defineComponent("stamps");`,
  "stamps/tokens.ts": SIGNING,
};

const dataDir = mkdtempSync(join(tmpdir(), "parley-own-key-"));
let deployment: Deployment;
let project: CliProject;

async function start(port: number): Promise<void> {
  deployment = await startDeployment({ dataDir, host: "127.0.0.1", port, sitePort: 0 });
}

beforeAll(async () => {
  await start(0);
  project = new CliProject(deployment);
  for (const [path, text] of Object.entries(PROJECT)) project.write(path, text);
  await project.push();
}, 60_000);

afterAll(async () => {
  await deployment.close();
  await project.dispose();
  rmSync(dataDir, { recursive: true });
});

function call(path: string, args: Record<string, Value> = {}): Promise<string> {
  const client = new ConvexHttpClient(deployment.url, { logger: false });
  return client.mutation(makeFunctionReference<"mutation">(path), args);
}

const sign = (claims: Record<string, Value>, expiresInSeconds: Value = 60) =>
  call("tokens:sign", { claims, expiresInSeconds });

function verified(token: string) {
  const keys = createRemoteJWKSet(new URL("/.well-known/jwks.json", deployment.url));
  return jwtVerify(token, keys, { algorithms: ["ES256"] });
}

test("a mutation signs claims that anybody can verify, until they expire", async () => {
  const token = await sign({ sub: "ada", aud: "app", seats: [1, 2] }, 3600);
  const { payload, protectedHeader } = await verified(token);
  expect(payload).toMatchObject({ iss: deployment.url, sub: "ada", aud: "app", seats: [1, 2] });
  expect(payload.exp! - payload.iat!).toBe(3600);
  expect(protectedHeader).toMatchObject({ alg: "ES256", typ: "JWT", kid: expect.any(String) });
  const keys = await (await fetch(`${deployment.url}/.well-known/jwks.json`)).json();
  expect(JSON.stringify(keys)).not.toContain('"d":');
});

test("a token of a component's names the component", async () => {
  const { payload } = await verified(await call("tokens:signWithin"));
  expect(payload.iss).toBe(`${deployment.url}/components/stamps`);
});

test("the deployment takes its own tokens, where its auth config says so", async () => {
  const client = new ConvexHttpClient(deployment.url, { logger: false });
  client.setAuth(await sign({ sub: "ada", aud: "app" }));
  expect(await client.query(makeFunctionReference<"query">("tokens:whoAmI"))).toBe("ada");
});

test.each<[string, Record<string, Value>, Value, string]>([
  ["an issuer of one's own", { iss: "me" }, 60, "The claim `iss` is reserved."],
  ["a time before which it is not good", { nbf: 1 }, 60, "The claim `nbf` is reserved."],
  ["a name of Convex's", { Convex_role: "x" }, 60, "The claim `Convex_role` is reserved."],
  ["no time", {}, 0, "`expiresInSeconds` must be between 1 and 3600."],
  ["more than an hour", {}, 3601, "`expiresInSeconds` must be between 1 and 3600."],
  ["a time that is none", {}, "soon", "`expiresInSeconds`"],
])("%s is refused", async (_, claims, seconds, message) => {
  await expect(sign(claims, seconds)).rejects.toThrow(message);
});

test("the key stays the same over a restart", async () => {
  const token = await sign({ sub: "ada" });
  const port = Number(new URL(deployment.url).port);
  await deployment.close();
  await start(port);
  expect((await verified(token)).payload.sub).toBe("ada");
  const { kid } = decodeProtectedHeader(await sign({}));
  expect(kid).toBe(decodeProtectedHeader(token).kid);
});
