import { parseArgs } from "node:util";
import { StartError } from "./start-error.ts";

/**
 * The flags of a command, each of which takes a text.
 * @throws StartError that names them all, for one that it does not know and for one without its text.
 */
export function readFlags<Name extends string>(
  names: readonly Name[],
  args: string[],
): { readonly [name in Name]?: string } {
  const options = Object.fromEntries(names.map((name) => [name, { type: "string" } as const]));
  try {
    return parseArgs({ args, options }).values as { [name in Name]?: string };
  } catch (error) {
    const known = names.map((name) => `--${name}`).join(", ");
    throw new StartError(`${(error as Error).message}\nThere are ${known}.`);
  }
}
