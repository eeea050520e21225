import { createLocalJWKSet, decodeJwt, errors, jwtVerify } from "jose";
import type { JWTPayload, JWTVerifyGetKey } from "jose";
import type { Identity } from "../functions/call.ts";
import { identityFromClaims } from "./claims.ts";
import type { KeySets } from "./key-sets.ts";
import { allowedAlgorithms, matchesProvider, type AuthProvider } from "./providers.ts";

/** A token that is not accepted; the message may be shown to whoever sent it. */
export class TokenError extends Error {}

/** Checks tokens against the providers of the pushed `auth.config`. */
export class TokenVerifier {
  readonly #providers: () => readonly AuthProvider[];
  readonly #keySets: KeySets;

  /** @param providers asked for each token, since a push may change them. */
  constructor(providers: () => readonly AuthProvider[], keySets: KeySets) {
    this.#providers = providers;
    this.#keySets = keySets;
  }

  /** @throws TokenError when the token is malformed, expired, or of no known provider. */
  async verify(token: string): Promise<Identity> {
    const claims = readClaims(token);
    const providers = this.#providers().filter((provider) => matchesProvider(provider, claims));
    if (providers.length === 0) {
      throw new TokenError(
        `No auth provider found matching the given token (issuer ${JSON.stringify(claims.iss)}). ` +
          "Check auth.config.ts.",
      );
    }
    let failure: unknown;
    for (const provider of providers) {
      try {
        return await this.#verifyWith(provider, token);
      } catch (error) {
        failure = error;
      }
    }
    const reason = failure instanceof Error ? failure.message : String(failure);
    throw new TokenError(`Could not verify the token: ${reason}`);
  }

  async #verifyWith(provider: AuthProvider, token: string): Promise<Identity> {
    try {
      return await this.#check(provider, token, false);
    } catch (error) {
      const isKeyTrouble =
        error instanceof errors.JWSSignatureVerificationFailed ||
        error instanceof errors.JWKSNoMatchingKey;
      if (!isKeyTrouble) throw error;
      return await this.#check(provider, token, true);
    }
  }

  async #check(provider: AuthProvider, token: string, isRetry: boolean): Promise<Identity> {
    const keys = createLocalJWKSet(await this.#keySets.of(provider, isRetry));
    const options = {
      algorithms: allowedAlgorithms(provider),
      requiredClaims: ["sub", "exp", "iat"],
    };
    const { payload } = await verifyWithAnyKey(token, keys, options);
    return identityFromClaims(payload as JWTPayload & { iss: string; sub: string });
  }
}

/** Tokens of `@convex-dev/auth` name no key, so several may come into question. */
async function verifyWithAnyKey(
  token: string,
  keys: JWTVerifyGetKey,
  options: Parameters<typeof jwtVerify>[2],
): Promise<{ payload: JWTPayload }> {
  try {
    return await jwtVerify(token, keys, options);
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
    for await (const key of error) {
      try {
        return await jwtVerify(token, key, options);
      } catch (failure) {
        if (!(failure instanceof errors.JWSSignatureVerificationFailed)) throw failure;
      }
    }
    throw new errors.JWSSignatureVerificationFailed();
  }
}

function readClaims(token: string): JWTPayload {
  try {
    return decodeJwt(token);
  } catch {
    throw new TokenError("The token is not a JSON Web Token.");
  }
}
