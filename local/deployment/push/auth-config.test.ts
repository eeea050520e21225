import { expect, test } from "vitest";
import type { FunctionSet } from "../functions/modules/function-set.ts";
import type { PushedModule } from "../functions/modules/function-sets.ts";
import { readAuthConfig } from "./auth-config.ts";

const OIDC = { domain: "https://ada.example.com/", applicationID: "app" };
const CUSTOM = {
  type: "customJwt",
  issuer: "https://ada.example.com",
  jwks: "https://ada.example.com/jwks.json",
  algorithm: "ES256",
};

/** What a push of this default export keeps, as far as a set of functions has a part in it. */
function read(config: unknown, source = "") {
  const set = { environment: { SET: "set" }, load: async () => ({ default: config }) };
  const module = { path: "auth.config.js", source } as PushedModule;
  return readAuthConfig(
    set as unknown as FunctionSet,
    [module],
    "The pushed auth config is invalid",
  );
}

test("providers are kept with a scheme, and without what Convex does not know", async () => {
  expect(await read({ providers: [OIDC, { ...CUSTOM, comment: "ours" }] })).toEqual([OIDC, CUSTOM]);
  expect(await read({ providers: [{ ...OIDC, type: "oidc", domain: "ada.example.com" }] })).toEqual(
    [{ domain: "https://ada.example.com", applicationID: "app" }],
  );
  expect(await read({ providers: [{ ...OIDC, domain: "localhost" }] })).toMatchObject([
    { domain: "https://localhost" },
  ]);
  expect(await read({ providers: [] }, "process.env.SET")).toEqual([]);
});

const LIST = "auth config file must include a list of provider credentials: ";

test.each([
  [undefined, "auth config file is missing default export."],
  [{}, `${LIST}missing field \`providers\``],
  [{ providers: {} }, `${LIST}\`providers\` is no list`],
  [{ providers: [null] }, `${LIST}Provider at index 0 is no object`],
  [{ providers: [{ applicationID: "app" }] }, "Provider at index 0 has no domain"],
  [{ providers: [OIDC, { domain: "a.example.com" }] }, "Provider at index 1 has no applicationID"],
  [{ providers: [{ ...OIDC, domain: 1 }] }, "Provider at index 0 has no domain"],
  [{ providers: [{ ...OIDC, domain: "https://" }] }, 'Invalid provider domain URL "https://"'],
  [{ providers: [{ ...OIDC, domain: '"a.com"' }] }, 'starts with a double quote (")'],
  [{ providers: [{ ...OIDC, domain: "ftp://a.com" }] }, "scheme should be http or https"],
  [{ providers: [{ ...OIDC, domain: "sk_live_1" }] }, "Does not look like a URL"],
  [{ providers: [{ domain: "a.com", applicationId: "app" }] }, "capital I, capital D"],
  [{ providers: [{ ...OIDC, type: "jwt" }] }, "has unexpected 'type' value 'jwt'"],
  [{ providers: [{ ...OIDC, issuer: "https://a.com" }] }, "is oidc so cannot have an 'issuer'"],
  [{ providers: [{ ...CUSTOM, domain: "a.com" }] }, "is a customJwt so cannot have a 'domain'"],
  [{ providers: [{ ...CUSTOM, jwks: undefined }] }, "Provider at index 0 has no jwks"],
  [{ providers: [{ ...CUSTOM, algorithm: "HS256" }] }, "expected `RS256` or `ES256`"],
  [{ providers: [{ ...CUSTOM, issuer: "https://api.workos.com" }] }, "potentially insecure"],
])("a push of the auth config %j is refused", async (config, message) => {
  const refused = read(config);
  await expect(refused).rejects.toThrow("The pushed auth config is invalid: ");
  await expect(refused).rejects.toThrow(message);
});

test("a variable that nobody has set is named", async () => {
  await expect(read({ providers: [] }, "process.env.UNSET")).rejects.toThrow(
    "Environment variable UNSET is used in auth config file but its value was not set",
  );
});
