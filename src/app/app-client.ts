import { ConvexReactClient } from "convex/react";
import { api } from "../../convex/_generated/api";
import { pacing } from "../lib/paced-queries";
import { noteShortfall } from "../lib/shortfall";

// Drafts and unsettled sends are kept in this browser, and answers are written on the server, so
// leaving in the middle loses nothing that a person would have to be asked about.
const OPTIONS = { unsavedChangesWarning: false };

/** What changes with every message of every chat, and stands beside what people read. */
const BESIDE = [api.chat.sessions.listSessions, api.credits.usage.current];

/** The page's client. What is refused for want of credits is noted, whoever asked for it. */
export function appClient(url: string): ConvexReactClient {
  const client = new ConvexReactClient(url, OPTIONS);
  client.mutation = noting(client.mutation.bind(client));
  client.action = noting(client.action.bind(client));
  const { watchQuery, mutation } = client;
  const asked = { watchQuery: watchQuery.bind(client), mutation: mutation.bind(client) };
  Object.assign(client, pacing(asked, BESIDE));
  client.setAuth = renewingLate(client.setAuth.bind(client));
  return client;
}

/** The page is drawn by then, also on a phone. */
const RENEW_AFTER_MS = 1500;
const MINUTE_MS = 60_000;

/**
 * The client has the token that this browser kept renewed as soon as the deployment has taken it.
 * One that holds for a while is renewed when the page stands: until then the line is the page's.
 */
function renewingLate(setAuth: ConvexReactClient["setAuth"]): ConvexReactClient["setAuth"] {
  return (fetchToken, ...rest) => {
    let holds = false;
    setAuth(
      async (wanted) => {
        if (wanted.forceRefreshToken && holds) await sleep(RENEW_AFTER_MS);
        const token = await fetchToken(wanted);
        holds =
          !wanted.forceRefreshToken && token != null && expiry(token) > Date.now() + MINUTE_MS;
        return token;
      },
      ...rest,
    );
  };
}

/** When a token ends, in milliseconds since 1970; 0 for what is none. */
function expiry(token: string): number {
  const payload = (token.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/");
  try {
    return 1000 * (JSON.parse(atob(payload)) as { exp: number }).exp;
  } catch {
    return 0;
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function noting<Call extends (...args: never[]) => Promise<unknown>>(call: Call): Call {
  const noted = async (...args: Parameters<Call>) => {
    try {
      return await call(...args);
    } catch (error) {
      noteShortfall(error);
      throw error;
    }
  };
  return noted as Call;
}
