import type { ConvexReactClient } from "convex/react";
import { tokenClaims } from "../lib/token-claims";

/** The page is drawn by then, also on a phone. */
const RENEW_AFTER_MS = 1500;
const SECOND_MS = 1000;
const MINUTE_MS = 60_000;
/** Between two tries to get a token. */
const AGAIN_AFTER_MS = 3000;
/** A server that answers so often with an error will not take the session back. */
const REFUSALS_MAX = 3;

type SetAuth = ConvexReactClient["setAuth"];
type FetchToken = Parameters<SetAuth>[0];

/**
 * The client has the token that this browser kept renewed as soon as the deployment has taken it.
 * One that holds for a while is renewed when the page stands: until then the line is the page's.
 */
export function renewingLate(setAuth: SetAuth): SetAuth {
  return (fetchToken, ...rest) => {
    const fetchUntilAnswered = persistent(fetchToken);
    let holds = false;
    setAuth(
      async (wanted) => {
        if (wanted.forceRefreshToken && holds) await sleep(RENEW_AFTER_MS);
        const token = await fetchUntilAnswered(wanted);
        holds =
          !wanted.forceRefreshToken && token != null && expiry(token) > Date.now() + MINUTE_MS;
        return token;
      },
      ...rest,
    );
  };
}

/**
 * Asks again when nobody answered, for as long as it takes: the client stays away from its server
 * for ever once a token could not be fetched. A server that answers with errors ends the session.
 */
export function persistent(fetchToken: FetchToken): FetchToken {
  return async (wanted) => {
    for (let refusals = 0; ; await sleep(AGAIN_AFTER_MS)) {
      try {
        return await fetchToken(wanted);
      } catch (error) {
        // What `fetch` throws when there is no line.
        if (!(error instanceof TypeError) && ++refusals === REFUSALS_MAX) return null;
      }
    }
  };
}

/** When a token ends, in milliseconds since 1970; 0 for what is none. */
function expiry(token: string): number {
  const { exp } = tokenClaims(token);
  return typeof exp === "number" ? exp * SECOND_MS : 0;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
