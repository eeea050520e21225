import { formatBytes } from "../values/size.ts";
import { pushError } from "./push-error.ts";

/** Convex's limits on what is pushed. Shared chunks, in `_deps`, are no function files. */
const MAX_FUNCTION_FILES = 4_096;
const MAX_CODE_BYTES = 32 * 1024 * 1024;

/** @throws HttpError when there are too many modules, or too much in them. */
export function checkModules(
  modules: readonly { readonly path: string; readonly source: string }[],
): void {
  const files = modules.filter(({ path }) => !path.startsWith("_deps/")).length;
  if (files > MAX_FUNCTION_FILES) {
    throw pushError(
      "InvalidModules",
      `Too many function files (${files} > maximum ${MAX_FUNCTION_FILES}) in "convex/". See our docs (https://docs.convex.dev/using/writing-convex-functions#using-libraries) for more details.`,
    );
  }
  const bytes = modules.reduce((sum, { source }) => sum + Buffer.byteLength(source), 0);
  if (bytes <= MAX_CODE_BYTES) return;
  throw pushError(
    "ModulesTooLarge",
    `Total module size exceeded the unzipped maximum (${formatBytes(bytes)} > maximum size ${formatBytes(MAX_CODE_BYTES)})`,
  );
}
