import { randomUUID } from "node:crypto";
import { type CryptoKey, exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from "jose";
import { APP } from "../functions/components.ts";
import { readDurable, readRows } from "../system-rows.ts";
import type { Database } from "../transaction/database.ts";
import { SIGNING_KEYS_TABLE } from "./tables.ts";

const ALGORITHM = "ES256";

/** The deployment's own key: with it mutations make tokens that anybody can verify. */
export class OwnKey {
  readonly #key: CryptoKey;
  readonly #jwk: JWK;
  readonly #origin: string;

  private constructor(key: CryptoKey, jwk: JWK, origin: string) {
    this.#key = key;
    this.#jwk = jwk;
    this.#origin = origin;
  }

  /**
   * The key of this database, made at its first start.
   *
   * @param origin the deployment's address, which names the issuer
   */
  static async of(database: Database, origin: string): Promise<OwnKey> {
    const jwk = storedKey(database) ?? (await newKey(database));
    return new OwnKey((await importJWK(jwk, ALGORITHM)) as CryptoKey, jwk, origin);
  }

  /** What others verify its tokens with. */
  get publicKeys(): { readonly keys: readonly JWK[] } {
    const { d: _private, ...shown } = this.#jwk;
    return { keys: [shown] };
  }

  /** A token of the app's, or of a component's. @param lifetimeS from now, in seconds */
  async sign(
    componentPath: string,
    claims: Record<string, unknown>,
    lifetimeS: number,
  ): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const issuer = componentPath === APP ? "" : `/components/${componentPath}`;
    return await new SignJWT(claims)
      .setProtectedHeader({ alg: ALGORITHM, typ: "JWT", kid: this.#jwk.kid! })
      .setIssuer(this.#origin + issuer)
      .setIssuedAt(now)
      .setExpirationTime(now + lifetimeS)
      .sign(this.#key);
  }
}

function storedKey(database: Database): JWK | undefined {
  const rows = readDurable(database, (tx) => readRows(tx, "_signing_keys.by_creation_time", []));
  return rows[0] && (JSON.parse(rows[0].value["jwk"] as string) as JWK);
}

async function newKey(database: Database): Promise<JWK> {
  const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true });
  const key = await exportJWK(privateKey);
  const jwk = { ...key, alg: ALGORITHM, use: "sig", kid: randomUUID() };
  await database.write((tx) =>
    tx.insert(APP, SIGNING_KEYS_TABLE.name, { jwk: JSON.stringify(jwk) }),
  );
  return jwk;
}
