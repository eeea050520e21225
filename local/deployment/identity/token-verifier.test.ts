import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT, type CryptoKey } from "jose";
import { beforeAll, expect, test } from "vitest";
import { KeySets } from "./key-sets.ts";
import type { AuthProvider } from "./providers.ts";
import { TokenError, TokenVerifier } from "./token-verifier.ts";

const SITE = "http://127.0.0.1:4000";
const OIDC: AuthProvider = { domain: SITE, applicationID: "convex" };

let own: { publicKey: CryptoKey; privateKey: CryptoKey };
let other: { publicKey: CryptoKey; privateKey: CryptoKey };

beforeAll(async () => {
  own = await generateKeyPair("RS256", { extractable: true });
  other = await generateKeyPair("RS256", { extractable: true });
});

const now = () => Math.floor(Date.now() / 1000);

/** As `@convex-dev/auth` makes them: no key id. */
function token(claims: Record<string, unknown> = {}, key = own.privateKey): Promise<string> {
  const all = { iss: SITE, aud: "convex", sub: "user|session", iat: now(), exp: now() + 60 };
  return new SignJWT({ ...all, ...claims }).setProtectedHeader({ alg: "RS256" }).sign(key);
}

/** A site that serves these public keys, and counts how often it is asked for them. */
function siteWith(...keys: CryptoKey[]) {
  const asked: string[] = [];
  const ask = async (url: string) => {
    asked.push(new URL(url).pathname);
    if (url.endsWith("openid-configuration")) {
      return Response.json({ jwks_uri: `${SITE}/.well-known/jwks.json` });
    }
    const set = await Promise.all(keys.map((key) => exportJWK(key)));
    return Response.json({ keys: set.map((key) => ({ ...key, use: "sig", alg: "RS256" })) });
  };
  return { asked, keys, ask };
}

function verifierOf(site: ReturnType<typeof siteWith>, ...providers: AuthProvider[]) {
  const keySets = new KeySets(
    () => SITE,
    (url) => site.ask(url),
  );
  return new TokenVerifier(() => providers, keySets);
}

test("a token of our own site becomes the identity that functions see", async () => {
  const site = siteWith(own.publicKey);
  const claims = { email_verified: true, given_name: "Ada", role: "captain", nonce: 7 };
  const identity = await verifierOf(site, OIDC).verify(await token(claims));
  expect(identity.claims).toEqual({
    tokenIdentifier: `${SITE}|user|session`,
    issuer: SITE,
    subject: "user|session",
    emailVerified: true,
    givenName: "Ada",
    role: "captain",
    nonce: 7,
  });
  expect(identity.expiresAt! - Date.now()).toBeGreaterThan(55_000);
  expect(site.asked).toEqual(["/.well-known/openid-configuration", "/.well-known/jwks.json"]);
});

test("the keys are asked for once, and again when a signature does not fit them", async () => {
  const site = siteWith(other.publicKey);
  const verifier = verifierOf(site, OIDC);
  await expect(verifier.verify(await token())).rejects.toThrow(TokenError);
  site.keys.push(own.publicKey);
  await verifier.verify(await token());
  const before = site.asked.length;
  await verifier.verify(await token({ sub: "somebody else" }));
  expect(site.asked).toHaveLength(before);
});

test("tokens that are forged, expired, for another app or of nobody we know are refused", async () => {
  const verifier = verifierOf(siteWith(own.publicKey), OIDC);
  const unsigned = new UnsecuredJWT({ iss: SITE, aud: "convex", sub: "user" });
  const refused = [
    await token({}, other.privateKey),
    await token({ exp: now() - 1 }),
    await token({ aud: "another" }),
    await token({ iss: "http://elsewhere" }),
    await token({ exp: undefined }),
    unsigned.setIssuedAt().setExpirationTime("1h").encode(),
    "no token at all",
    "",
  ];
  for (const bad of refused) await expect(verifier.verify(bad)).rejects.toThrow(TokenError);
});

test("issuers match with or without scheme and final slash", async () => {
  const bare: AuthProvider = { domain: SITE.replace("http://", ""), applicationID: "convex" };
  const withSlash: AuthProvider = { ...OIDC, domain: `${SITE}/` };
  const verifier = verifierOf(siteWith(own.publicKey), withSlash);
  await verifier.verify(await token({ iss: `${SITE}/` }));
  expect((await verifier.verify(await token())).claims["issuer"]).toBe(SITE);
  // Without a scheme the provider is asked over https, where nobody answers.
  await expect(verifierOf(siteWith(own.publicKey), bare).verify(await token())).rejects.toThrow(
    TokenError,
  );
});

test("a custom provider brings its keys in a data address and names its own algorithm", async () => {
  const pair = await generateKeyPair("ES256", { extractable: true });
  const jwk = { ...(await exportJWK(pair.publicKey)), alg: "ES256" };
  const provider: AuthProvider = {
    type: "customJwt",
    issuer: "https://games.example",
    jwks: `data:application/json,${encodeURIComponent(JSON.stringify({ keys: [jwk] }))}`,
    algorithm: "ES256",
  };
  const verifier = verifierOf(siteWith(), provider);
  const signed = new SignJWT({ score: 3 })
    .setProtectedHeader({ alg: "ES256" })
    .setIssuer("https://games.example")
    .setSubject("player")
    .setIssuedAt()
    .setExpirationTime("1h");
  const identity = await verifier.verify(await signed.sign(pair.privateKey));
  expect(identity.claims["tokenIdentifier"]).toBe("https://games.example|player");
  const wrongAlgorithm = await token({ iss: "https://games.example" });
  await expect(verifier.verify(wrongAlgorithm)).rejects.toThrow(TokenError);
});
