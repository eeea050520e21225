/** Making the documents that a transaction writes, and holding them to the rules. */
import { getConvexSize } from "convex/values";
import type { Table } from "../store/catalog.ts";
import { Doc } from "../store/document.ts";
import { encodeValue } from "../values/encoding.ts";
import type { ConvexObject } from "../values/encoding.ts";
import { encodeId } from "../values/id.ts";
import { checkValue, ValidationError } from "../values/validator.ts";
import type { ValidationContext } from "../values/validator.ts";
import { checkDocumentSize, checkShape } from "./limits.ts";
import { UserError } from "./user-error.ts";

/**
 * The document with these fields, which may repeat the system fields but not change them.
 * Throws a UserError when it breaks the schema or a limit.
 */
export function newDocument(
  table: Table,
  internal: string,
  creationTime: number,
  fields: ConvexObject,
  context: ValidationContext,
): Doc {
  const id = encodeId(table.number, internal);
  const own = withoutSystemFields(fields, id, creationTime);
  const value: ConvexObject = { ...own, _id: id, _creationTime: creationTime };
  const size = getConvexSize(value);
  if (!table.name.startsWith("_")) {
    checkFieldNames(own);
    checkDocumentSize(size);
  }
  checkSchema(table, own, context);
  const json = encodeValue(value);
  if (!table.name.startsWith("_")) checkShape(value, json);
  return new Doc({ tableNumber: table.number, internal, json, size, value });
}

function withoutSystemFields(fields: ConvexObject, id: string, creationTime: number): ConvexObject {
  const { _id: givenId, _creationTime: givenTime, ...own } = fields;
  if (givenId !== undefined && givenId !== id) {
    throw new UserError(
      `Provided \`_id\` field value ${JSON.stringify(givenId)} does not match the document ID "${id}"`,
    );
  }
  if (givenTime !== undefined && givenTime !== creationTime) {
    throw new UserError(
      `Provided \`_creationTime\` field value ${String(givenTime)} does not match the document's creation time ${creationTime}`,
    );
  }
  for (const name of Object.keys(own)) if (own[name] === undefined) delete own[name];
  return own;
}

function checkFieldNames(fields: ConvexObject): void {
  const name = Object.keys(fields).find((field) => field.startsWith("_"));
  if (name !== undefined) {
    throw new UserError(
      `Field '${name}' starts with an underscore, which is only allowed for system fields like '_id'`,
    );
  }
}

function checkSchema(table: Table, fields: ConvexObject, context: ValidationContext): void {
  if (!table.validator) return;
  try {
    checkValue(table.validator, fields, context);
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    throw new UserError(
      `Failed to insert or update a document in table "${table.name}" because it does not match the schema: ${error.message}`,
    );
  }
}
