/** A stored document, kept as its encoded JSON text and decoded only when somebody looks inside. */
import { decodeValue } from "../values/encoding.ts";
import type { ConvexObject } from "../values/encoding.ts";
import { encodeId } from "../values/id.ts";

/** What the makers of a document know of it. */
interface DocumentParts {
  tableNumber: number;
  /** The sixteen bytes of the id, one char a byte. */
  internal: string;
  /** Encoded JSON text of the whole document, `_id` and `_creationTime` included. */
  json: string;
  /** Bytes, by Convex's accounting. */
  size: number;
  value?: ConvexObject;
  row?: number;
}

export class Doc {
  readonly tableNumber: number;
  readonly internal: string;
  readonly json: string;
  readonly size: number;
  /** Its row in the data file; 0 until it is first stored. The store sets it. */
  row: number;
  #value: ConvexObject | undefined;
  #id: string | undefined;

  constructor(parts: DocumentParts) {
    this.tableNumber = parts.tableNumber;
    this.internal = parts.internal;
    this.json = parts.json;
    this.size = parts.size;
    this.row = parts.row ?? 0;
    this.#value = parts.value;
  }

  get id(): string {
    return (this.#id ??= encodeId(this.tableNumber, this.internal));
  }

  /** The decoded document with its system fields. Shared: callers must not change it. */
  get value(): ConvexObject {
    return (this.#value ??= decodeValue(this.json) as ConvexObject);
  }
}
