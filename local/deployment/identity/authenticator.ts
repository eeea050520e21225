import { splitAdminToken, type AdminKey } from "../server/admin-key.ts";
import type { Credentials } from "../sync/protocol.ts";
import { ANONYMOUS, type SessionIdentity } from "../sync/session-identity.ts";
import { identityFromAttributes } from "./claims.ts";
import { TokenError, type TokenVerifier } from "./token-verifier.ts";

/** Says who makes a request, from what came with it. */
export class Authenticator {
  readonly #adminKey: AdminKey;
  readonly #tokens: TokenVerifier;

  constructor(adminKey: AdminKey, tokens: TokenVerifier) {
    this.#adminKey = adminKey;
    this.#tokens = tokens;
  }

  /** @throws TokenError */
  async fromCredentials(credentials: Credentials): Promise<SessionIdentity> {
    switch (credentials.tokenType) {
      case "None":
        return ANONYMOUS;
      case "User":
        return { identity: await this.#tokens.verify(credentials.value), caller: "client" };
      case "Admin":
        return this.#admin(credentials.value, credentials.actingAs);
    }
  }

  /**
   * @param authorization the header: none, `Bearer <token>` or `Convex <admin token>`.
   * @throws TokenError
   */
  async fromHeader(authorization: string | undefined): Promise<SessionIdentity> {
    if (authorization === undefined) return ANONYMOUS;
    const [scheme, value = ""] = authorization.split(" ", 2);
    if (scheme === "Bearer") {
      return { identity: await this.#tokens.verify(value), caller: "client" };
    }
    if (scheme === "Convex") return this.#admin(value, null);
    throw new TokenError("The Authorization header must be Bearer or Convex.");
  }

  #admin(token: string, actingAs: Record<string, unknown> | null): SessionIdentity {
    const [key, encoded] = splitAdminToken(token);
    if (!this.#adminKey.matches(key)) throw new TokenError("The admin key is wrong.");
    const attributes = actingAs ?? (encoded === null ? null : decodeAttributes(encoded));
    const identity = attributes === null ? null : identityFromAttributes(attributes);
    return { identity, caller: "admin" };
  }
}

function decodeAttributes(encoded: string): Record<string, unknown> {
  try {
    const attributes: unknown = JSON.parse(Buffer.from(encoded, "base64").toString("utf8"));
    if (typeof attributes === "object" && attributes !== null) {
      return attributes as Record<string, unknown>;
    }
  } catch {
    // Said below.
  }
  throw new TokenError("The identity to act as is not a base64 JSON object.");
}
