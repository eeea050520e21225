import type { JWTPayload } from "jose";
import type { Identity } from "../functions/call.ts";

/** OpenID Connect's names for what `getUserIdentity` calls otherwise. */
const RENAMED: Readonly<Record<string, string>> = {
  given_name: "givenName",
  family_name: "familyName",
  preferred_username: "preferredUsername",
  profile: "profileUrl",
  picture: "pictureUrl",
  email_verified: "emailVerified",
  birthdate: "birthday",
  zoneinfo: "timezone",
  locale: "language",
  phone_number: "phoneNumber",
  phone_number_verified: "phoneNumberVerified",
  updated_at: "updatedAt",
};

/** Claims about the token, not about the person. */
const ABOUT_THE_TOKEN = new Set(["iss", "sub", "aud", "exp", "iat", "nbf", "jti"]);

/** The identity that a verified token speaks for; claims without a name of Convex's stay as they are. */
export function identityFromClaims(claims: JWTPayload & { iss: string; sub: string }): Identity {
  const attributes: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(claims)) {
    if (!ABOUT_THE_TOKEN.has(name)) attributes[RENAMED[name] ?? name] = value;
  }
  const identity = identityFromAttributes({
    ...attributes,
    issuer: claims.iss,
    subject: claims.sub,
  });
  return claims.exp === undefined ? identity : { ...identity, expiresAt: claims.exp * 1000 };
}

/** An identity that the admin acts as, in the words of `getUserIdentity`. */
export function identityFromAttributes(attributes: Record<string, unknown>): Identity {
  const tokenIdentifier =
    attributes["tokenIdentifier"] ??
    `${String(attributes["issuer"])}|${String(attributes["subject"])}`;
  const claims = { ...attributes, tokenIdentifier };
  return { claims, cacheKey: JSON.stringify(claims) };
}
