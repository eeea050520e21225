import { ConvexReactClient } from "convex/react";
import { api } from "../../convex/_generated/api";
import { pacing } from "../lib/paced-queries";
import { noteShortfall } from "../lib/shortfall";
import { wellFormed } from "../lib/well-formed";
import { renewingLate } from "./token-renewal";

// Drafts and unsettled sends are kept in this browser, and answers are written on the server, so
// leaving in the middle loses nothing that a person would have to be asked about.
const OPTIONS = { unsavedChangesWarning: false };

const PACED = {
  /** What changes with every message of every chat, and stands beside what people read. */
  beside: [
    api.chat.sessions.listSessions,
    api.chat.marks.unreadSessions,
    api.credits.usage.current,
  ],
  /** What nobody waits for. */
  byItself: [api.chat.marks.markSeen],
};

/** The page's client. What is refused for want of credits is noted, whoever asked for it. */
export function appClient(url: string): ConvexReactClient {
  const client = new ConvexReactClient(url, OPTIONS);
  const mutation = noting(sendingText(client.mutation.bind(client)));
  client.action = noting(sendingText(client.action.bind(client)));
  const asked = { watchQuery: sendingText(client.watchQuery.bind(client)), mutation };
  Object.assign(client, pacing(asked, PACED));
  client.setAuth = renewingLate(client.setAuth.bind(client));
  return client;
}

function sendingText<Call extends (...args: never[]) => unknown>(call: Call): Call {
  const sent = (...[reference, args, ...rest]: Parameters<Call>) =>
    call(...([reference, wellFormed(args), ...rest] as Parameters<Call>));
  return sent as Call;
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
