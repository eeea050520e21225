import { parseUnicodeJson } from "../values/unicode-json.ts";

/**
 * What a client says on its socket, checked before anything acts on it.
 * The reference is `browser/sync/protocol.ts` of the convex package.
 */
export type ClientMessage =
  | {
      readonly type: "Connect";
      readonly sessionId: string;
      /** How often this session had a socket before. */
      readonly connectionCount: number;
      /** Base64 of a little-endian u64, as all timestamps on the wire. */
      readonly maxObservedTimestamp: string | null;
      /** The client's clock in milliseconds. */
      readonly clientTs: number;
    }
  | ({ readonly type: "Authenticate"; readonly baseVersion: number } & Credentials)
  | {
      readonly type: "ModifyQuerySet";
      readonly baseVersion: number;
      readonly newVersion: number;
      readonly modifications: readonly QuerySetChange[];
    }
  | ({ readonly type: "Mutation" | "Action"; readonly requestId: number } & Call)
  | { readonly type: "Event" };

export type Credentials =
  | { readonly tokenType: "None" }
  | { readonly tokenType: "User"; readonly value: string }
  | {
      readonly tokenType: "Admin";
      readonly value: string;
      readonly actingAs: Record<string, unknown> | null;
    };

export type QuerySetChange =
  | ({ readonly type: "Add"; readonly queryId: number; readonly journal: string | null } & Call)
  | { readonly type: "Remove"; readonly queryId: number };

export interface Call {
  readonly udfPath: string;
  readonly componentPath: string;
  /** Encoded JSON of the array of arguments. */
  readonly args: string;
}

/** A client that does not speak the protocol. Told with a FatalError; it does not come back. */
export class ProtocolError extends Error {}

/** @throws ProtocolError when the text is not one message of the protocol. */
export function parseClientMessage(text: string): ClientMessage {
  let message: unknown;
  try {
    message = parseUnicodeJson(text);
  } catch {
    throw new ProtocolError("BadJson: a message is not valid JSON.");
  }
  const fields = new Fields(message, "message");
  const type = fields.string("type");
  switch (type) {
    case "Connect":
      return {
        type,
        sessionId: fields.string("sessionId"),
        connectionCount: fields.count("connectionCount"),
        maxObservedTimestamp: fields.optionalString("maxObservedTimestamp"),
        clientTs: fields.number("clientTs"),
      };
    case "Authenticate":
      return { type, baseVersion: fields.count("baseVersion"), ...parseCredentials(fields) };
    case "ModifyQuerySet":
      return {
        type,
        baseVersion: fields.count("baseVersion"),
        newVersion: fields.count("newVersion"),
        modifications: fields.array("modifications").map(parseChange),
      };
    case "Mutation":
    case "Action":
      return { type, requestId: fields.count("requestId"), ...parseCall(fields) };
    case "Event":
      return { type };
    default:
      throw new ProtocolError(`UnknownMessage: there is no message ${JSON.stringify(type)}.`);
  }
}

function parseCredentials(fields: Fields): Credentials {
  const tokenType = fields.string("tokenType");
  if (tokenType === "None") return { tokenType };
  const value = fields.string("value");
  if (tokenType === "User") return { tokenType, value };
  if (tokenType !== "Admin") throw new ProtocolError(`UnknownTokenType: ${tokenType}`);
  const actingAs = fields.optionalObject("impersonating") ?? fields.optionalObject("acting_as");
  return { tokenType, value, actingAs };
}

function parseChange(change: unknown): QuerySetChange {
  const fields = new Fields(change, "modification");
  const type = fields.string("type");
  const queryId = fields.count("queryId");
  if (type === "Remove") return { type, queryId };
  if (type !== "Add") throw new ProtocolError(`UnknownModification: ${type}`);
  return { type, queryId, journal: fields.optionalString("journal"), ...parseCall(fields) };
}

function parseCall(fields: Fields): Call {
  return {
    udfPath: fields.string("udfPath"),
    componentPath: fields.optionalString("componentPath") ?? "",
    args: argumentsText(fields.array("args")),
  };
}

/** What was read can be too deep to be written again. */
function argumentsText(args: unknown[]): string {
  try {
    return JSON.stringify(args);
  } catch {
    throw new ProtocolError("BadMessage: args of a message are nested too deeply.");
  }
}

/** Typed access to the fields of a JSON object that a stranger sent. */
class Fields {
  readonly #object: Record<string, unknown>;
  readonly #what: string;

  constructor(value: unknown, what: string) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw new ProtocolError(`BadMessage: a ${what} must be an object.`);
    }
    this.#object = value as Record<string, unknown>;
    this.#what = what;
  }

  string(name: string): string {
    const value = this.#object[name];
    return typeof value === "string" ? value : this.#refuse(name, "a string");
  }

  optionalString(name: string): string | null {
    return (this.#object[name] ?? null) === null ? null : this.string(name);
  }

  number(name: string): number {
    const value = this.#object[name];
    return typeof value === "number" ? value : this.#refuse(name, "a number");
  }

  /** A whole number of 32 bits, never negative. */
  count(name: string): number {
    const value = this.#object[name];
    const fits = typeof value === "number" && Number.isInteger(value) && value >= 0;
    return fits && value < 2 ** 32 ? value : this.#refuse(name, "an unsigned 32-bit number");
  }

  array(name: string): unknown[] {
    const value = this.#object[name];
    return Array.isArray(value) ? (value as unknown[]) : this.#refuse(name, "an array");
  }

  optionalObject(name: string): Record<string, unknown> | null {
    const value = this.#object[name] ?? null;
    if (value === null) return null;
    const isObject = typeof value === "object" && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : this.#refuse(name, "an object");
  }

  #refuse(name: string, wanted: string): never {
    throw new ProtocolError(`BadMessage: ${name} of a ${this.#what} must be ${wanted}.`);
  }
}
