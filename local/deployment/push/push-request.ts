import type { IncomingMessage } from "node:http";
import { promisify } from "node:util";
import { brotliDecompress } from "node:zlib";
import { asJsonObject, readBody } from "../server/http.ts";
import { pushError } from "./push-error.ts";

/** A module as the CLI sends it. */
export interface PushedSource {
  readonly path: string;
  readonly source: string;
  readonly sourceMap?: string;
  readonly environment: "isolate" | "node";
}

export interface UnchangedModule {
  readonly path: string;
  readonly environment: "isolate" | "node";
  readonly sha256: string;
}

/** A component as the CLI sends it: the folder of its `convex.config.ts`, bundled. */
export interface PushedComponent {
  /** From the app's functions folder on, such as `../node_modules/@convex-dev/workpool/dist`. */
  readonly definitionPath: string;
  readonly definition: PushedSource;
  readonly dependencies: readonly string[];
  readonly schema: PushedSource | null;
  readonly functions: readonly PushedSource[];
}

/** The body of `start_push`: the whole app, but for the modules that the deployment has already. */
export interface PushRequest {
  readonly dryRun: boolean;
  /** The functions folder, such as `convex/`. */
  readonly functions: string;
  readonly appDefinition: {
    readonly definition: PushedSource | null;
    /** The definitions of the components that it uses, by path. */
    readonly dependencies?: readonly string[];
    readonly schema: PushedSource | null;
    readonly changedModules: readonly PushedSource[];
    readonly unchangedModuleHashes: readonly UnchangedModule[];
    readonly udfServerVersion: string;
  };
  readonly componentDefinitions: readonly PushedComponent[];
  readonly nodeDependencies: readonly { readonly name: string; readonly version: string }[];
}

const MAX_COMPRESSED_BYTES = 64 * 1024 * 1024;
/** A small body may unpack to any size; a push of this size is far beyond Convex's own limit. */
const MAX_UNPACKED_BYTES = 128 * 1024 * 1024;

const unpack = promisify(brotliDecompress);

/** The JSON body of a request of the CLI, which compresses large ones. */
export async function readPushBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  const body = await readBody(request, MAX_COMPRESSED_BYTES);
  if (request.headers["content-encoding"] !== "br") return asJsonObject(body.toString("utf8"));
  const unpacked = await unpack(body, { maxOutputLength: MAX_UNPACKED_BYTES }).catch(() => {
    throw pushError(
      "BadBody",
      `The body is no brotli stream of at most ${MAX_UNPACKED_BYTES} bytes.`,
    );
  });
  return asJsonObject(unpacked.toString("utf8"));
}

/** @throws HttpError for what is not a push, and for a push that needs what is not there yet. */
export function asPushRequest(body: Record<string, unknown>): PushRequest {
  const request = body as unknown as PushRequest;
  if (!Array.isArray(request.appDefinition?.changedModules)) {
    throw pushError("BadPush", "The body is not a push of the Convex CLI 1.48.");
  }
  return request;
}

/**
 * Packages of `node.externalPackages` in `convex.json` are not in the bundles: Node finds them in the
 * `node_modules` of the deployment's `--packages`, or of a folder that holds the data folder, or nowhere.
 *
 * @throws HttpError for one that is not there in the version that the push was made with.
 */
export function demandExternalPackages(
  { nodeDependencies }: PushRequest,
  installedVersion: (name: string) => string | null,
): void {
  for (const { name, version } of nodeDependencies) {
    const installed = installedVersion(name);
    if (installed === version) continue;
    const found = installed === null ? "there is none" : `there is ${installed}`;
    throw pushError(
      "ExternalPackageMissing",
      `The package ${name} is external (node.externalPackages in convex.json) and has to be installed in version ${version} where the deployment looks (--packages, or a folder above its --data), and ${found}. Install it there, or let it be bundled.`,
    );
  }
}
