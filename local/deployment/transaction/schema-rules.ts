/** What a schema's tables and indexes must be, with Convex's limits and messages. Pure. */
import type { SchemaJson } from "../store/catalog-file.ts";
import { UserError } from "./user-error.ts";

export const MAX_TABLES = 10_000;
const MAX_INDEXES = 64;
const MAX_INDEX_FIELDS = 16;
const MAX_FILTER_FIELDS = 16;
const MIN_DIMENSIONS = 2;
const MAX_DIMENSIONS = 4_096;

const TABLE_NAME = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;
const FIELD_PATH = /^[^.]+(\.[^.]+)*$/;

type TableJson = SchemaJson["tables"][number];

/** Throws a UserError for the first rule that the schema breaks. */
export function checkSchemaRules(schema: SchemaJson): void {
  if (schema.tables.length > MAX_TABLES) throw tooManyTables();
  for (const table of schema.tables) checkTable(table);
}

export function tooManyTables(): UserError {
  return new UserError(`Number of tables cannot exceed ${MAX_TABLES}.`);
}

function checkTable(table: TableJson): void {
  const { tableName, indexes, searchIndexes = [], vectorIndexes = [] } = table;
  if (tableName.startsWith("_")) throw new UserError(`${tableName} is a reserved table name.`);
  if (!TABLE_NAME.test(tableName)) {
    throw new UserError(
      `Invalid table name: "${tableName}". Identifiers must start with a letter and can only contain letters, digits, and underscores.`,
    );
  }
  const all = [...indexes, ...searchIndexes, ...vectorIndexes];
  if (all.length > MAX_INDEXES) {
    throw new UserError(`Table "${tableName}" cannot have more than ${MAX_INDEXES} indexes.`);
  }
  const names = new Set<string>();
  for (const { indexDescriptor: name } of all) {
    checkIndexName(tableName, name);
    if (names.has(name)) {
      throw new UserError(`Table "${tableName}" has two or more definitions of index "${name}".`);
    }
    names.add(name);
  }
  checkIndexes(tableName, indexes);
  checkSearchIndexes(tableName, searchIndexes);
  checkVectorIndexes(tableName, vectorIndexes);
}

function checkIndexName(tableName: string, name: string): void {
  if (name.startsWith("_") || name === "by_id" || name === "by_creation_time") {
    throw new UserError(
      `In table "${tableName}" cannot name an index "${name}" because the name is reserved. Indexes may not start with an underscore or be named "by_id" or "by_creation_time".`,
    );
  }
  if (TABLE_NAME.test(name)) return;
  throw new UserError(
    `Invalid index name: "${name}". Identifiers must be 64 characters or less, start with a letter, and only contain letters, digits, underscores.`,
  );
}

function checkIndexes(tableName: string, indexes: TableJson["indexes"]): void {
  const seen = new Map<string, string>();
  for (const { indexDescriptor: name, fields: spelled } of indexes) {
    // The library writes out the creation time that ends every index.
    const fields = spelled.at(-1) === "_creationTime" ? spelled.slice(0, -1) : spelled;
    if (fields.length === 0) {
      throw new UserError(`In table "${tableName}" index "${name}" must have at least one field.`);
    }
    checkFieldPaths(name, fields);
    const problem = fieldsProblem(fields);
    if (problem !== null) throw new UserError(`In index "${name}": ${problem}`);
    const other = seen.get(JSON.stringify(fields));
    if (other !== undefined) {
      throw new UserError(
        `In table "${tableName}" index "${other}" and index "${name}" have the same fields. Indexes must be unique within a table.`,
      );
    }
    seen.set(JSON.stringify(fields), name);
  }
}

function fieldsProblem(fields: readonly string[]): string | null {
  if (fields.length > MAX_INDEX_FIELDS) return `Indexes may have up to ${MAX_INDEX_FIELDS} fields.`;
  if (fields.includes("_id")) {
    return "`_id` is not a valid index field. To load documents by ID, use `db.get(id)`.";
  }
  if (fields.includes("_creationTime")) {
    return "`_creationTime` is automatically added to the end of each index. It should not be added explicitly in the index definition. See https://docs.convex.dev/using/indexes for more details.";
  }
  const twice = fields.find((field, at) => fields.indexOf(field) !== at);
  if (twice === undefined) return null;
  return `Duplicate field "${twice}". Index fields must be unique within an index.`;
}

function checkSearchIndexes(
  tableName: string,
  indexes: NonNullable<TableJson["searchIndexes"]>,
): void {
  const seen = new Map<string, string>();
  for (const { indexDescriptor: name, searchField, filterFields } of indexes) {
    checkFilters(name, [searchField], filterFields);
    const shape = JSON.stringify([searchField, [...filterFields].sort()]);
    const other = seen.get(shape);
    if (other !== undefined) {
      throw new UserError(
        `In table "${tableName}" search index "${other}" and search index "${name}" have the same \`searchField\`. Search index fields must be unique within a table. You should combine the indexes with the same \`searchField\` into one index containing all \`filterField\`s and then use different subsets of the \`filterField\`s at query time.`,
      );
    }
    seen.set(shape, name);
  }
}

function checkVectorIndexes(
  tableName: string,
  indexes: NonNullable<TableJson["vectorIndexes"]>,
): void {
  const seen = new Map<string, string>();
  for (const { indexDescriptor: name, vectorField, dimensions, filterFields } of indexes) {
    checkFilters(name, [vectorField], filterFields);
    if (
      !Number.isInteger(dimensions) ||
      dimensions < MIN_DIMENSIONS ||
      dimensions > MAX_DIMENSIONS
    ) {
      throw new UserError(
        `Dimensions ${dimensions} must be between ${MIN_DIMENSIONS} and ${MAX_DIMENSIONS}.`,
      );
    }
    const shape = JSON.stringify([vectorField, dimensions]);
    const other = seen.get(shape);
    if (other !== undefined) {
      throw new UserError(
        `In table "${tableName}" vector index "${other}" and vector index "${name}" have the same \`vectorField\`. Vector index fields must be unique within a table. You should combine the indexes with the same \`vectorField\` into one index containing all \`filterField\`s and then use different subsets of the \`filterField\`s at query time.`,
      );
    }
    seen.set(shape, name);
  }
}

function checkFilters(
  name: string,
  fields: readonly string[],
  filterFields: readonly string[],
): void {
  checkFieldPaths(name, [...fields, ...filterFields]);
  if (filterFields.length > MAX_FILTER_FIELDS) {
    throw new UserError(`Search indexes may have up to ${MAX_FILTER_FIELDS} filter fields.`);
  }
}

function checkFieldPaths(name: string, paths: readonly string[]): void {
  const wrong = paths.find((path) => !FIELD_PATH.test(path));
  if (wrong === undefined) return;
  throw new UserError(`In index "${name}": Invalid index field: "${wrong}"`);
}
