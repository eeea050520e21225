import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { exportJWK, exportPKCS8, generateKeyPair } from "jose";

/** What Convex Auth signs sessions with, in the form that its environment variables take. */
export interface SigningKeys {
  readonly JWT_PRIVATE_KEY: string;
  readonly JWKS: string;
}

/**
 * The key pair of this data folder, made at the first start and kept: with a new one, every session
 * has to fetch a new token.
 */
export async function signingKeys(dataDir: string): Promise<SigningKeys> {
  const file = join(dataDir, "signing-keys.json");
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8")) as SigningKeys;
  const keys = await newSigningKeys();
  writeFileSync(file, JSON.stringify(keys), { mode: 0o600 });
  return keys;
}

/** A new RSA pair, as the deployment's variables hold it. */
export async function newSigningKeys(): Promise<SigningKeys> {
  const { privateKey, publicKey } = await generateKeyPair("RS256", { extractable: true });
  return {
    // Environment variables hold one line: Convex Auth accepts spaces where PEM has line ends.
    JWT_PRIVATE_KEY: (await exportPKCS8(privateKey)).trimEnd().replace(/\n/g, " "),
    JWKS: JSON.stringify({ keys: [{ use: "sig", ...(await exportJWK(publicKey)) }] }),
  };
}

/** What the functions and the Autumn sandbox share, under the names of the real service's settings. */
export interface AutumnKeys {
  readonly AUTUMN_SECRET_KEY: string;
  readonly AUTUMN_WEBHOOK_SECRET: string;
}

/** The sandbox's keys of this data folder, made at the first start. */
export function autumnKeys(dataDir: string): AutumnKeys {
  const file = join(dataDir, "autumn-keys.json");
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8")) as AutumnKeys;
  const keys: AutumnKeys = {
    AUTUMN_SECRET_KEY: `am_sk_test_${randomBytes(24).toString("hex")}`,
    AUTUMN_WEBHOOK_SECRET: `whsec_${randomBytes(24).toString("base64")}`,
  };
  writeFileSync(file, JSON.stringify(keys), { mode: 0o600 });
  return keys;
}
