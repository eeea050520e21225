import { convexToJson } from "convex/values";
import type { Value } from "convex/values";
import type { Fields, Read, Step, Written } from "./programs.ts";
import { errorText, type Kind, type World } from "./world.ts";

/** One move of a program, from outside the functions. */
export type Move =
  /** Steps of one mutation. */
  | { readonly do: "write"; readonly steps: readonly Step[]; readonly fails?: boolean }
  /** A step that is a mutation by itself, whose error reaches the client. */
  | { readonly do: "attempt"; readonly step: Step }
  /** Reads of one query. */
  | { readonly do: "read"; readonly reads: readonly Read[] }
  /** A read that is a query by itself, whose error reaches the client. */
  | { readonly do: "readOne"; readonly read: Read }
  /** All pages of a read, one after another. */
  | { readonly do: "pages"; readonly read: Read; readonly numItems: number }
  /** Any function; {@link LAST} in its arguments stands for the file or job made last. */
  | { readonly do: "call"; readonly kind: Kind; readonly name: string; readonly args: Fields }
  /** Waits until the job that was scheduled last is over. */
  | { readonly do: "settle" };

export const LAST = "<last>";

/** Functions that give the id of something that they made. */
const MAKERS = new Set(["schedule", "store"]);

const MAX_PAGES = 30;
const SETTLED_WITHIN_MS = 5_000;

/** Runs the program in a world that is empty. Gives per move, as text, what it led to. */
export async function outcomes(world: World, program: readonly Move[]): Promise<string[]> {
  const run = new ProgramRun(world);
  await world.call("mutation", "clear", {});
  const texts: string[] = [];
  for (const move of program) {
    const outcome = await run.make(move).catch(errorText);
    texts.push(...linesOf(outcome).map((each) => run.anonymous(each)));
  }
  return texts;
}

/** What several steps gave is compared step by step. */
function linesOf(outcome: Value): string[] {
  const lines = Array.isArray(outcome) ? outcome : [outcome];
  return lines.flatMap((line) =>
    isNested(line) ? linesOf(line.nested) : [JSON.stringify(convexToJson(line))],
  );
}

function isNested(line: Value): line is { nested: Value[] } {
  return (
    typeof line === "object" && line !== null && "nested" in line && Array.isArray(line.nested)
  );
}

class ProgramRun {
  readonly #world: World;
  #ids: string[] = [];
  #last: Value = null;

  constructor(world: World) {
    this.#world = world;
  }

  async make(move: Move): Promise<Value> {
    const world = this.#world;
    switch (move.do) {
      case "write": {
        const { steps, fails = false } = move;
        const args = { ids: this.#ids, steps: steps as never, fails };
        const written = (await world.call("mutation", "write", args)) as unknown as Written;
        this.#ids = written.ids;
        return written.results;
      }
      case "attempt": {
        const args = { ids: this.#ids, step: move.step as never };
        const result = await world.call("mutation", "attempt", args);
        if (move.step.do === "insert") this.#ids.push(result as string);
        return result;
      }
      case "read":
        return await world.call("query", "read", { reads: move.reads as never });
      case "readOne":
        return await world.call("query", "readOne", { read: move.read as never });
      case "pages":
        return await this.#pages(move.read, move.numItems);
      case "call":
        return await this.#call(move);
      case "settle":
        return await this.#settled(this.#last as string);
    }
  }

  /** Ids by the order in which the documents were made, and times of creation by nothing. */
  anonymous(text: string): string {
    const named = this.#ids.reduce((each, id, at) => each.replaceAll(id, `#${at}`), text);
    const last = typeof this.#last === "string" ? named.replaceAll(this.#last, LAST) : named;
    return last
      .replace(/"_creationTime":[\d.]+,?/g, "")
      .replace(/"_id":"[0-9a-z]+"/gi, '"_id":"some"')
      .replace(/"continueCursor":"[^]*?[^\\]"/, '"continueCursor":"some"');
  }

  async #call({ kind, name, args }: Move & { do: "call" }): Promise<Value> {
    const result = await this.#world.call(kind, name, this.#filled(args));
    if (MAKERS.has(name)) this.#last = result;
    return result;
  }

  #filled(args: Fields): Fields {
    return Object.fromEntries(
      Object.entries(args).map(([key, value]) => [key, value === LAST ? this.#last : value]),
    );
  }

  async #pages(read: Read, numItems: number): Promise<Value> {
    const pages: Value[] = [];
    let cursor: string | null = null;
    while (pages.length < MAX_PAGES) {
      const args = { read: read as never, cursor, numItems };
      const { page, isDone, continueCursor } = (await this.#world.call("query", "page", args)) as {
        page: Value[];
        isDone: boolean;
        continueCursor: string;
      };
      // Whether the end is known with the last document or after it is told apart elsewhere.
      if (page.length > 0) pages.push(page);
      if (isDone) return pages;
      cursor = continueCursor;
    }
    throw new Error(`There is no end after ${MAX_PAGES} pages`);
  }

  async #settled(id: string): Promise<Value> {
    const deadline = Date.now() + SETTLED_WITHIN_MS;
    for (;;) {
      const job = (await this.#world.call("query", "job", { id })) as [string] | null;
      if (job === null || !["pending", "inProgress"].includes(job[0])) return job;
      if (Date.now() > deadline) throw new Error(`The job is still ${job[0]}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}
