import { ConvexReactClient } from "convex/react";
import { noteShortfall } from "../lib/shortfall";

// Drafts and unsettled sends are kept in this browser, and answers are written on the server, so
// leaving in the middle loses nothing that a person would have to be asked about.
const OPTIONS = { unsavedChangesWarning: false };

/** The page's client. What is refused for want of credits is noted, whoever asked for it. */
export function appClient(url: string): ConvexReactClient {
  const client = new ConvexReactClient(url, OPTIONS);
  client.mutation = noting(client.mutation.bind(client));
  client.action = noting(client.action.bind(client));
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
