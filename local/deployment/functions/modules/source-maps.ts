import { SourceMap } from "node:module";
import type { SourceMapPayload } from "node:module";
import type { ModuleSource } from "../isolate/isolate.ts";

const FRAME = /^\s+at (?:(.*) \()?(.*?):(\d+):(\d+)\)?$/;

/** Turns places in the pushed bundle into places in the files that people wrote. */
export class SourceMaps {
  readonly #sources: ReadonlyMap<string, ModuleSource>;
  readonly #maps = new Map<string, SourceMap | null>();

  constructor(sources: ReadonlyMap<string, ModuleSource>) {
    this.#sources = sources;
  }

  /**
   * The frames of a stack that lie in the pushed code, one a line as Convex prints them:
   * `    at name (../convex/messages.ts:12:8)`. The deployment's own frames are left out.
   */
  frames(stack: string): string[] {
    return stack.split("\n").flatMap((line) => {
      const match = FRAME.exec(line);
      if (match === null) return [];
      const place = this.#place(match[2]!, Number(match[3]), Number(match[4]));
      return place === null ? [] : [`    at ${match[1] ?? "<anonymous>"} (${place})`];
    });
  }

  #place(file: string, line: number, column: number): string | null {
    const module = this.#moduleOf(file);
    if (module === undefined) return null;
    const entry = this.#map(module)?.findEntry(line - 1, column - 1);
    if (entry === undefined || !("originalSource" in entry)) {
      return `../convex/${module.path}:${line}:${column}`;
    }
    const { originalSource, originalLine, originalColumn } = entry;
    return `${originalSource}:${originalLine + 1}:${originalColumn}`;
  }

  /** Node's modules are named by the address of the file that they were written to. */
  #moduleOf(file: string): ModuleSource | undefined {
    const direct = this.#sources.get(file);
    if (direct !== undefined || !file.startsWith("file://")) return direct;
    for (const module of this.#sources.values()) {
      if (module.environment === "node" && file.endsWith(`/${module.path}`)) return module;
    }
    return undefined;
  }

  #map(module: ModuleSource): SourceMap | null {
    const known = this.#maps.get(module.path);
    if (known !== undefined) return known;
    const map =
      module.sourceMap === undefined
        ? null
        : new SourceMap(JSON.parse(module.sourceMap) as SourceMapPayload);
    this.#maps.set(module.path, map);
    return map;
  }
}
