import { actionGeneric, anyApi, mutationGeneric, queryGeneric } from "convex/server";
import type {
  Expression,
  GenericDatabaseReader,
  GenericDataModel,
  GenericMutationCtx,
  GenericTableInfo,
  IndexRange,
  OrderedQuery,
  Query,
  Auth,
} from "convex/server";
import { ConvexError, v } from "convex/values";
import type { GenericId, Value } from "convex/values";

// Functions that run programs given as data: reads and writes of a database, and the calls between
// functions. What each step gave, or the text of its error, is part of the result.

/** Stands in a program for a field that is undefined, which no argument can be. */
export const UNDEFINED = "<undefined>";

/** A number of the document in the order of insertion, as programs name documents. */
type Ref = number;

export type Fields = Readonly<Record<string, Value>>;

/** An index range, in the order of the calls. */
export type Bounds = readonly {
  readonly op: "eq" | "gt" | "gte" | "lt" | "lte";
  readonly field: string;
  readonly value: Value;
}[];

/** The operators by Convex's names, on fields and values. */
export type Filter =
  | { readonly field: string }
  | { readonly literal: Value }
  | { readonly op: string; readonly of: readonly Filter[] };

export interface Read {
  readonly table: string;
  readonly index?: string;
  readonly bounds?: Bounds;
  readonly search?: { readonly index: string; readonly text: string; readonly group?: Value };
  readonly order?: "asc" | "desc";
  readonly filter?: Filter;
  /** Sorts what was found by its time: the order is another matter. */
  readonly inAnyOrder?: boolean;
  readonly end: "collect" | "first" | "unique" | { readonly take: number };
}

export type Step =
  | { readonly do: "insert"; readonly table: string; readonly value: Fields }
  | { readonly do: "patch" | "replace"; readonly ref: Ref; readonly value: Fields }
  | { readonly do: "get" | "delete"; readonly ref: Ref }
  | { readonly do: "read"; readonly read: Read }
  | { readonly do: "nest"; readonly steps: readonly Step[]; readonly fails?: boolean }
  | { readonly do: "throw"; readonly data: Value };

export interface Written {
  /** The ids of all documents of the program, those deleted too. */
  readonly ids: string[];
  /** Per step what it gave, or the text of its error. */
  readonly results: Value[];
}

type Reader = GenericDatabaseReader<GenericDataModel>;
type Comparable = Expression<Value | undefined>;

function withUndefined(value: Value): Value | undefined {
  return value === UNDEFINED ? undefined : value;
}

function fieldsOf(value: Fields): Record<string, Value | undefined> {
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withUndefined(each)]));
}

/** Builds with Convex's own builder, whichever operator it is. */
function expression(
  builder: Record<string, (...of: never[]) => unknown>,
  filter: Filter,
): Comparable {
  if ("field" in filter) return builder["field"]!(filter.field as never) as Comparable;
  if ("literal" in filter) return withUndefined(filter.literal) as unknown as Comparable;
  const of = filter.of.map((each) => expression(builder, each));
  return builder[filter.op]!(...(of as never[])) as Comparable;
}

type Builder = Record<string, (field: string, value: Value | undefined) => Builder>;

function sourceOf(db: Reader, { table, index, bounds = [], search }: Read) {
  const query = db.query(table);
  if (search !== undefined) {
    const { text, group } = search;
    return query.withSearchIndex(search.index, (q) => {
      const found = q.search("text", text);
      return group === undefined ? found : found.eq("group" as never, group as never);
    });
  }
  if (index === undefined) return query;
  return query.withIndex(index, (q) => {
    let range = q as unknown as Builder;
    for (const { op, field, value } of bounds) range = range[op]!(field, withUndefined(value));
    return range as unknown as IndexRange;
  });
}

function queryOf(db: Reader, read: Read): OrderedQuery<GenericTableInfo> {
  const { order, filter } = read;
  const source = sourceOf(db, read) as Query<GenericTableInfo>;
  const ordered = order === undefined ? source : source.order(order);
  if (filter === undefined) return ordered;
  return ordered.filter((q) => expression(q as never, filter));
}

async function run(db: Reader, read: Read): Promise<Value> {
  const query = queryOf(db, read);
  const { end } = read;
  if (typeof end === "object") return await query.take(end.take);
  const found = (await query[end]()) as Value;
  if (!read.inAnyOrder || !Array.isArray(found)) return found;
  const times = found as unknown as { _creationTime: number }[];
  return times.sort((a, b) => a._creationTime - b._creationTime);
}

/** The text of an error that a function can see of another, or of the database, without the stack. */
function textOf(error: unknown): Value {
  if (error instanceof ConvexError) return { data: error.data as Value };
  const { message } = error as Error;
  return `Error: ${message.replace(/^Uncaught (?:Error: )?/, "").replace(/\n\s+at [^]*$/, "")}`;
}

async function perform(
  { db, runMutation }: GenericMutationCtx<GenericDataModel>,
  ids: string[],
  step: Step,
): Promise<Value> {
  const at = (ref: Ref) => ids[ref % ids.length] as GenericId<string>;
  switch (step.do) {
    case "insert": {
      const id = await db.insert(step.table, fieldsOf(step.value) as never);
      ids.push(id);
      return id;
    }
    case "patch":
      await db.patch(at(step.ref), fieldsOf(step.value) as never);
      return null;
    case "replace":
      await db.replace(at(step.ref), fieldsOf(step.value) as never);
      return null;
    case "delete":
      await db.delete(at(step.ref));
      return null;
    case "get":
      return await db.get(at(step.ref));
    case "read":
      return await run(db, step.read);
    case "throw":
      throw new ConvexError(step.data);
    case "nest": {
      const { steps, fails = false } = step;
      const written: Written = await runMutation(anyApi["programs"]!["write"]!, {
        ids,
        steps,
        fails,
      });
      ids.push(...written.ids.slice(ids.length));
      return { nested: written.results };
    }
  }
}

/** Steps of one transaction, which goes on after a step that fails. */
export const write = mutationGeneric({
  args: { ids: v.array(v.string()), steps: v.array(v.any()), fails: v.boolean() },
  handler: async (ctx, { ids, steps, fails }): Promise<Written> => {
    const results: Value[] = [];
    for (const step of steps as Step[]) results.push(await perform(ctx, ids, step).catch(textOf));
    if (fails) throw new Error(`It fails after ${steps.length} steps`);
    return { ids, results };
  },
});

/** One step that is not caught. */
export const attempt = mutationGeneric({
  args: { ids: v.array(v.string()), step: v.any() },
  handler: async (ctx, { ids, step }) => await perform(ctx, ids, step as Step),
});

export const read = queryGeneric({
  args: { reads: v.array(v.any()) },
  handler: async ({ db }, { reads }) => {
    const results: Value[] = [];
    for (const each of reads as Read[]) results.push(await run(db, each).catch(textOf));
    return results;
  },
});

export const readOne = queryGeneric({
  args: { read: v.any() },
  handler: async ({ db }, { read }) => await run(db, read as Read),
});

export const page = queryGeneric({
  args: { read: v.any(), cursor: v.union(v.string(), v.null()), numItems: v.number() },
  handler: async ({ db }, { read, cursor, numItems }) => {
    const { page, isDone, continueCursor } = await queryOf(db, read as Read).paginate({
      cursor,
      numItems,
    });
    return { page, isDone, continueCursor };
  },
});

/** Leaves nothing of an earlier program. */
export const clear = mutationGeneric({
  args: {},
  handler: async ({ db }) => {
    for (const table of ["samples", "strict"]) {
      for (const { _id } of await db.query(table).collect()) await db.delete(_id);
    }
  },
});

export const echo = queryGeneric({
  args: { value: v.any() },
  returns: v.any(),
  handler: (_ctx, { value }) => value as Value,
});

const KINDS = v.union(v.literal("plain"), v.literal(7), v.literal(true));

/** What validators are there for: each field is of another kind. */
export const takes = queryGeneric({
  args: {
    text: v.optional(v.string()),
    number: v.optional(v.number()),
    integer: v.optional(v.int64()),
    flag: v.optional(v.boolean()),
    nothing: v.optional(v.null()),
    data: v.optional(v.bytes()),
    list: v.optional(v.array(v.number())),
    record: v.optional(v.record(v.string(), v.number())),
    object: v.optional(v.object({ inner: v.string(), more: v.optional(v.number()) })),
    kind: v.optional(KINDS),
    sample: v.optional(v.id("samples")),
  },
  handler: (_ctx, given) => Object.keys(given).sort(),
});

export const gives = queryGeneric({
  args: { value: v.any() },
  returns: v.object({ count: v.number(), name: v.optional(v.string()) }),
  handler: (_ctx, { value }) => value as { count: number },
});

export const fails = mutationGeneric({
  args: { data: v.optional(v.any()), text: v.optional(v.string()) },
  handler: (_ctx, { data, text }) => {
    if (text !== undefined) throw new Error(text);
    throw new ConvexError(data as Value);
  },
});

/** Calls what it is told to, from an action; gives the result or what the caller sees of an error. */
export const relay = actionGeneric({
  args: { calls: v.array(v.any()) },
  handler: async (ctx, { calls }) => {
    const results: Value[] = [];
    for (const { kind, name, args } of calls as Relayed[]) {
      const target = anyApi["programs"]![name]!;
      const called =
        kind === "query"
          ? ctx.runQuery(target, args)
          : kind === "mutation"
            ? ctx.runMutation(target, args)
            : ctx.runAction(target, args);
      results.push((await (called as Promise<Value>).catch(textOf)) ?? null);
    }
    return results;
  },
});

export interface Relayed {
  readonly kind: "query" | "mutation" | "action";
  readonly name: string;
  readonly args: Fields;
}

export const nestedQuery = queryGeneric({
  args: { name: v.string(), args: v.any() },
  handler: async (ctx, { name, args }): Promise<Value> =>
    (await ctx.runQuery(anyApi["programs"]![name]!, args as Fields).catch(textOf)) as Value,
});

export const schedule = mutationGeneric({
  args: { name: v.string(), args: v.any(), delayMs: v.number(), fails: v.boolean() },
  handler: async ({ scheduler }, { name, args, delayMs, fails }): Promise<string> => {
    const id = await scheduler.runAfter(delayMs, anyApi["programs"]![name]!, args as Fields);
    if (fails) throw new Error("It fails after it scheduled");
    return id;
  },
});

export const cancel = mutationGeneric({
  args: { id: v.id("_scheduled_functions") },
  handler: async ({ scheduler }, { id }) => await scheduler.cancel(id),
});

export const job = queryGeneric({
  args: { id: v.id("_scheduled_functions") },
  handler: async ({ db }, { id }) => {
    const job = await db.system.get(id);
    return job === null ? null : [job.state.kind, job.name, job.args as Value[]];
  },
});

const identity = {
  handler: async (ctx: { auth: Auth }) => (await ctx.auth.getUserIdentity()) as Value,
};
export const whoInQuery = queryGeneric({ args: {}, ...identity });
export const whoInMutation = mutationGeneric({ args: {}, ...identity });
export const whoInAction = actionGeneric({ args: {}, ...identity });

/** Writes who calls it. */
export const noteCaller = mutationGeneric({
  args: {},
  handler: async ({ auth, db }) => {
    const identity = await auth.getUserIdentity();
    await db.insert("samples", { text: identity?.subject ?? "nobody" });
  },
});

export const store = actionGeneric({
  args: { text: v.string(), type: v.optional(v.string()) },
  handler: async ({ storage }, { text, type }) =>
    await storage.store(new Blob([text], type === undefined ? {} : { type })),
});

export const load = actionGeneric({
  args: { id: v.id("_storage") },
  handler: async ({ storage }, { id }) => {
    const blob = await storage.get(id);
    return blob === null ? null : { text: await blob.text(), size: blob.size };
  },
});

export const metadata = queryGeneric({
  args: { id: v.id("_storage") },
  handler: async ({ db, storage }, { id }) => {
    const file = await db.system.get(id);
    const url = await storage.getUrl(id);
    return file === null ? { url } : { size: file.size, hasUrl: url !== null };
  },
});

export const discard = mutationGeneric({
  args: { id: v.id("_storage") },
  handler: async ({ storage }, { id }) => await storage.delete(id),
});

export const normalize = queryGeneric({
  args: { table: v.string(), id: v.string() },
  handler: ({ db }, { table, id }) => db.normalizeId(table, id),
});
