import { jsonToConvex } from "convex/values";
import type { JSONValue } from "convex/values";
import type { ConvexObject } from "../values/encoding.ts";
import { UserError } from "../transaction/user-error.ts";
import { parseUnicodeJson } from "../values/unicode-json.ts";
import type { SyscallArgs } from "./syscalls.ts";

/** The arguments of a call. @throws UserError for what is no JSON to Convex */
export function parseArguments(text: string): SyscallArgs {
  try {
    return parseUnicodeJson(text) as SyscallArgs;
  } catch (error) {
    throw new UserError(`Received invalid json: ${(error as Error).message}`);
  }
}

/** Readers of a call's arguments: a function may bypass the library and send anything. */
export function stringArgument(args: SyscallArgs, name: string): string {
  const value = args[name];
  if (typeof value === "string") return value;
  throw new UserError(`Invalid argument \`${name}\`: expected a string.`);
}

export function numberArgument(args: SyscallArgs, name: string): number {
  const value = args[name];
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw new UserError(`Invalid argument \`${name}\`: expected a number.`);
}

export function countArgument(args: SyscallArgs, name: string): number {
  const value = args[name];
  if (typeof value === "number" && Number.isInteger(value) && value >= 0) return value;
  throw new UserError(`Invalid argument \`${name}\`: expected a whole number of at least 0.`);
}

export function optionalStringArgument(args: SyscallArgs, name: string): string | null {
  return args[name] == null ? null : stringArgument(args, name);
}

/** The fields of a document, where `{"$undefined": null}` stands for a field to remove. */
export function fieldsArgument(args: SyscallArgs, name: string): ConvexObject {
  const value = args[name];
  if (!isObject(value)) throw new UserError(`Invalid argument \`${name}\`: expected an object.`);
  return Object.fromEntries(
    Object.entries(value).map(([field, json]) => [
      field,
      isUndefined(json) ? undefined : jsonToConvex(json),
    ]),
  );
}

function isObject(value: JSONValue | undefined): value is Record<string, JSONValue> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isUndefined(value: JSONValue | undefined): boolean {
  return value === undefined || (isObject(value) && "$undefined" in value);
}
