import { UserError } from "../transaction/user-error.ts";
import { numberArgument } from "./arguments.ts";
import type { SyscallArgs } from "./syscalls.ts";

/** Signs claims in the name of a component, good for so many seconds. */
export type SignToken = (
  componentPath: string,
  claims: Record<string, unknown>,
  lifetimeS: number,
) => Promise<string>;

const LONGEST_LIFETIME_S = 3600;
/** Convex sets these itself. */
const RESERVED = new Set(["iss", "iat", "exp", "nbf"]);
const RESERVED_PREFIX = /^(?:convex|cvx)/i;

/**
 * `ctx.auth.signJwt`.
 *
 * @throws UserError for a claim that is reserved, and for a lifetime that is none
 */
export async function signJwt(
  sign: SignToken,
  componentPath: string,
  args: SyscallArgs,
): Promise<string> {
  const lifetimeS = numberArgument(args, "expiresInSeconds");
  if (!(lifetimeS >= 1 && lifetimeS <= LONGEST_LIFETIME_S)) {
    throw new UserError(
      `\`expiresInSeconds\` must be between 1 and ${LONGEST_LIFETIME_S}. Received \`${lifetimeS}\`.`,
    );
  }
  const claims = args["claims"] ?? {};
  if (typeof claims !== "object" || Array.isArray(claims)) {
    throw new UserError("`claims` must be an object.");
  }
  const reserved = Object.keys(claims).find(
    (name) => RESERVED.has(name) || RESERVED_PREFIX.test(name),
  );
  if (reserved !== undefined) throw new UserError(`The claim \`${reserved}\` is reserved.`);
  return JSON.stringify(await sign(componentPath, claims, lifetimeS));
}
