/** The functions that the tests of the engine push, as text. */

const LEAVING_ERRORS = `
  export const rejects = action({
    args: {},
    handler: async () => {
      void Promise.reject(new Error("nobody takes it"));
      await new Promise(() => {});
    },
  });
  export const throwsLater = action({
    args: {},
    handler: async () => {
      setTimeout(() => { throw new Error("nor this"); }, 1);
      await new Promise(() => {});
    },
  });
`;

export const FUNCTIONS = `
  import { query, mutation, action, internalMutation } from "./_generated/server";
  import { api, internal } from "./_generated/api";
  import { v } from "convex/values";
  export const add = mutation({
    args: { text: v.string() },
    handler: async (ctx, { text }) => void (await ctx.db.insert("notes", { text })),
  });
  export const list = query({
    args: {},
    handler: async (ctx) => (await ctx.db.query("notes").collect()).map(({ text }) => text),
  });
  const spin = async () => {
    await null;
    for (;;) Math.sqrt(2);
  };
  export const spinInQuery = query({ args: { round: v.number() }, handler: () => spin() });
  export const spinSometimes = query({
    args: { spins: v.boolean() },
    handler: (ctx, { spins }) => (spins ? spin() : null),
  });
  export const computes = query({
    args: { forEver: v.boolean() },
    handler: (ctx, { forEver }) => {
      if (forEver) return spin();
      let sum = 0;
      for (let root = 0; root < 1e8; root++) sum += Math.sqrt(root);
      return sum > 0;
    },
  });
  export const draws = query({
    args: {},
    handler: async (ctx) => [Math.random(), await ctx.runQuery(api.functions.draw), Math.random()],
  });
  export const draw = query({ args: {}, handler: () => Math.random() });
  export const count = query({
    args: {},
    handler: async (ctx) => (await ctx.db.query("notes").collect()).length,
  });
  export const addAnother = mutation({
    args: { text: v.string() },
    handler: async (ctx, { text }) => void (await ctx.db.insert("notes", { text })),
  });
  export const remove = mutation({
    args: { text: v.string() },
    handler: async (ctx, { text }) => {
      for (const note of await ctx.db.query("notes").collect()) {
        if (note.text === text) await ctx.db.delete(note._id);
      }
    },
  });
  export const spinInMutation = mutation({
    args: {},
    handler: async (ctx) => {
      await ctx.db.insert("notes", { text: "never committed" });
      await spin();
    },
  });
  export const spinInAction = action({
    args: {},
    handler: async () => {
      await new Promise((resolve) => setTimeout(resolve, 10));
      await spin();
    },
  });
  ${LEAVING_ERRORS}
  export const rejectsInQuery = query({
    args: {},
    handler: async (ctx) => {
      void Promise.reject(new Error("nobody takes it"));
      return (await ctx.db.query("notes").collect()).length;
    },
  });
  export const spinScheduled = mutation({
    args: {},
    handler: async (ctx) => ctx.scheduler.runAfter(0, internal.functions.spinInside, {}),
  });
  export const spinInside = internalMutation({ args: {}, handler: () => spin() });
  export const jobs = query({
    args: {},
    handler: async (ctx) =>
      (await ctx.db.system.query("_scheduled_functions").collect()).map(({ state }) => state.kind),
  });
  export const neverSettles = mutation({
    args: {},
    handler: async (ctx) => {
      await ctx.db.insert("notes", { text: "never committed" });
      await new Promise(() => {});
    },
  });
  export const hashes = mutation({
    args: {},
    handler: async () => {
      const key = await crypto.subtle.importKey("raw", new Uint8Array(8), "PBKDF2", false, ["deriveBits"]);
      const derive = { name: "PBKDF2", hash: "SHA-512", salt: new Uint8Array(8), iterations: 200_000 };
      return (await crypto.subtle.deriveBits(derive, key, 128)).byteLength;
    },
  });
`;

export const ON_NODE = `"use node";
  import { hostname } from "node:os";
  import { action } from "./_generated/server";
  import { ConvexError, v } from "convex/values";
  import { makeFunctionReference } from "convex/server";
  const add = makeFunctionReference("functions:add");
  const list = makeFunctionReference("functions:list");
  export const fails = action({
    args: {},
    handler: async () => {
      throw new Error("on " + typeof hostname());
    },
  });
  export const refuses = action({
    args: { why: v.string() },
    handler: async (ctx, { why }) => {
      throw new ConvexError({ why, site: process.env.CONVEX_SITE_URL });
    },
  });
  export const asks = action({
    args: { text: v.string() },
    handler: async (ctx, { text }) => {
      console.log("asks", { text });
      await ctx.runMutation(add, { text });
      const stored = await ctx.storage.store(new Blob([text], { type: "text/plain" }));
      const read = await ctx.storage.get(stored);
      const refused = await ctx.runMutation(add, { text: 1 }).catch(({ message }) => message);
      return { notes: await ctx.runQuery(list, {}), read: await read.text(), type: read.type, refused };
    },
  });
  export const spins = action({
    args: {},
    handler: async () => {
      for (;;) Math.sqrt(2);
    },
  });
  export const waits = action({
    args: { ms: v.number() },
    handler: async (ctx, { ms }) => new Promise((resolve) => setTimeout(() => resolve("waited"), ms)),
  });
  ${LEAVING_ERRORS}
  export const exits = action({ args: {}, handler: async () => process.exit(3) });
`;

export const OTHERS = `
  import { query } from "./_generated/server";
  export const one = query({ args: {}, handler: () => 1 });
`;

export const ROUTES = `
  import { httpRouter } from "convex/server";
  import { httpAction } from "./_generated/server";
  const http = httpRouter();
  http.route({ path: "/spin", method: "GET", handler: httpAction(async () => {
    for (;;) Math.sqrt(2);
  }) });
  http.route({ path: "/endless", method: "GET", handler: httpAction(async () => {
    const more = (controller) => {
      controller.enqueue(new TextEncoder().encode("more "));
      return new Promise((resolve) => setTimeout(resolve, 20));
    };
    return new Response(new ReadableStream({ pull: more }));
  }) });
  export default http;
`;
