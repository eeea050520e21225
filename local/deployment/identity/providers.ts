import type { JWTPayload } from "jose";

/** A provider of `auth.config`: whose tokens are accepted, and how they are checked. */
export type AuthProvider =
  | { readonly type?: "oidc"; readonly domain: string; readonly applicationID: string }
  | {
      readonly type: "customJwt";
      readonly issuer: string;
      /** An address, or a `data:` URL that holds the keys. */
      readonly jwks: string;
      readonly algorithm: string;
      readonly applicationID?: string;
    };

const OIDC_ALGORITHMS = ["RS256", "EdDSA", "Ed25519"];

/** Whether the token claims to come from this provider, for this app. */
export function matchesProvider(provider: AuthProvider, claims: JWTPayload): boolean {
  const issuer = provider.type === "customJwt" ? provider.issuer : provider.domain;
  if (claims.iss === undefined || wholeIssuer(claims.iss) !== wholeIssuer(issuer)) return false;
  if (provider.applicationID === undefined) return true;
  return [claims.aud].flat().includes(provider.applicationID);
}

export function allowedAlgorithms(provider: AuthProvider): string[] {
  return provider.type === "customJwt" ? [provider.algorithm] : OIDC_ALGORITHMS;
}

/** The address of the provider's discovery document. */
export function discoveryUrl(domain: string): string {
  const origin = /^https?:\/\//.test(domain) ? domain : `https://${domain}`;
  return `${origin.replace(/\/$/, "")}/.well-known/openid-configuration`;
}

/** Providers write their own name with or without scheme and final slash. */
function wholeIssuer(issuer: string): string {
  const url = /^https?:\/\//.test(issuer) ? issuer : `https://${issuer}`;
  return url.replace(/\/+$/, "");
}
