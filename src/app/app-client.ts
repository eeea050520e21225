import { ConvexReactClient } from "convex/react";
import { api } from "../../convex/_generated/api";
import { pacing } from "../lib/paced-queries";
import { noteShortfall } from "../lib/shortfall";
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
  client.mutation = noting(client.mutation.bind(client));
  client.action = noting(client.action.bind(client));
  const { watchQuery, mutation } = client;
  const asked = { watchQuery: watchQuery.bind(client), mutation: mutation.bind(client) };
  Object.assign(client, pacing(asked, PACED));
  client.setAuth = renewingLate(client.setAuth.bind(client));
  return client;
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
