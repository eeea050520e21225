import { ConvexClient, ConvexHttpClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";
import { ConvexError } from "convex/values";
import type { Value } from "convex/values";
import { convexTest } from "convex-test";
import type { Fields } from "./programs.ts";
import schema from "./schema.ts";

export type Kind = "query" | "mutation" | "action";

/** Something that runs the functions of `programs.ts`; each world has documents of its own. */
export interface World {
  readonly name: string;
  /** Rejects with the error that a client of this world sees. */
  call(kind: Kind, name: string, args: Fields): Promise<Value>;
  close(): Promise<void>;
}

export interface Person {
  readonly subject: string;
  readonly issuer: string;
  readonly name: string;
}

const MODULES = {
  "./_generated/api.js": () => Promise.resolve({}),
  "./programs.ts": () => import("./programs.ts"),
};

/** What `convex-test` makes of the functions. */
export function referenceWorld(person: Person | null): World {
  const nobody = convexTest(schema, MODULES);
  const caller = person === null ? nobody : nobody.withIdentity({ ...person });
  return {
    name: "convex-test",
    call: (kind, name, args) => {
      // The functions of the two worlds must not share what is passed to them.
      const own = structuredClone(args);
      switch (kind) {
        case "query":
          return caller.query(makeFunctionReference<"query">(`programs:${name}`), own);
        case "mutation":
          return caller.mutation(makeFunctionReference<"mutation">(`programs:${name}`), own);
        case "action":
          return caller.action(makeFunctionReference<"action">(`programs:${name}`), own);
      }
    },
    close: () => nobody.finishInProgressScheduledFunctions(),
  };
}

/** A running deployment through the client that speaks HTTP. @param token of who calls. */
export function httpWorld(url: string, token: string | null): World {
  const client = new ConvexHttpClient(url, { logger: false });
  if (token !== null) client.setAuth(token);
  return worldOf("the deployment over HTTP", client, () => Promise.resolve());
}

/** A running deployment through the client that keeps a socket open. @param token of who calls. */
export async function socketWorld(url: string, token: string | null): Promise<World> {
  const client = new ConvexClient(url, { logger: false });
  if (token !== null) {
    await new Promise<void>((resolve) =>
      client.setAuth(
        () => Promise.resolve(token),
        () => resolve(),
      ),
    );
  }
  return worldOf("the deployment over a socket", client, () => client.close());
}

function worldOf(
  name: string,
  client: ConvexClient | ConvexHttpClient,
  close: () => Promise<void>,
): World {
  const call = (kind: Kind, name: string, args: Fields): Promise<Value> => {
    switch (kind) {
      case "query":
        return client.query(makeFunctionReference<"query">(`programs:${name}`), args);
      case "mutation":
        return client.mutation(makeFunctionReference<"mutation">(`programs:${name}`), args);
      case "action":
        return client.action(makeFunctionReference<"action">(`programs:${name}`), args);
    }
  };
  return { name, call, close };
}

/** The error as a function's author would have it: without the request and the stack. */
export function errorText(error: unknown): Value {
  if (error instanceof ConvexError) return { data: error.data as Value };
  const { name, message } = error as Error;
  if (!message.includes("Server Error\n")) return `${name}: ${message}`;
  return message
    .slice(message.indexOf("\n") + 1)
    .replace(/^Uncaught /, "")
    .split(/\n(?:\s+at |\s*Called by client)/)[0]!;
}
