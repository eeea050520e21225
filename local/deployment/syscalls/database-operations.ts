import type { JSONValue } from "convex/values";
import { invalidCursor } from "../transaction/page-cursor.ts";
import type { QueryJson } from "../transaction/query.ts";
import type { QueryCursor } from "../transaction/query-cursor.ts";
import type { Transaction } from "../transaction/transaction.ts";
import { UserError } from "../transaction/user-error.ts";
import { isSystemTable } from "../transaction/tables.ts";
import {
  countArgument,
  fieldsArgument,
  numberArgument,
  optionalStringArgument,
  stringArgument,
} from "./arguments.ts";
import { checkReadable, ownerOf, ownQuery, tableNameOf, visibleJson } from "./system-documents.ts";
import type { OperationsOf, SyscallArgs } from "./syscalls.ts";

/** The end of a paginated query's page, kept by the client so that a re-run gives the same page. */
export interface Journal {
  /** From the client; null at the first run. */
  readonly previous: string | null;
  /** For the client; null until the function paginates. */
  next: string | null;
}

export interface DatabaseScope {
  readonly tx: Transaction;
  readonly componentPath: string;
  /** Null in a function called by another, whose pages are not the client's. */
  readonly journal: Journal | null;
}

/** `ctx.db` of one function. */
export class DatabaseOperations {
  readonly #scope: DatabaseScope;
  readonly #queries = new Map<number, { readonly table: string; readonly cursor: QueryCursor }>();
  #lastQueryId = 0;
  #hasPaginated = false;

  constructor(scope: DatabaseScope) {
    this.#scope = scope;
  }

  static readonly sync: OperationsOf<DatabaseOperations> = {
    "1.0/queryStream": (db, args) => db.#openQuery(args),
    "1.0/queryCleanup": (db, args) => db.#closeQuery(args),
    "1.0/db/normalizeId": (db, args) => db.#normalizeId(args),
  };

  static readonly reading: OperationsOf<DatabaseOperations> = {
    "1.0/get": (db, args) => db.#get(args),
    "1.0/queryStreamNext": (db, args) => db.#next(args),
    "1.0/queryPage": (db, args) => db.#page(args),
    "1.0/count": (db, args) => db.#count(args),
  };

  static readonly writing: OperationsOf<DatabaseOperations> = {
    "1.0/insert": (db, args) => db.#insert(args),
    "1.0/shallowMerge": (db, args) => db.#patch(args),
    "1.0/replace": (db, args) => db.#replace(args),
    "1.0/remove": (db, args) => db.#remove(args),
  };

  #openQuery(args: SyscallArgs): string {
    const asked = queryArgument(args);
    const table = tableOf(asked);
    checkReadable(table);
    const { tx, componentPath } = this.#scope;
    const cursor = tx.query(componentPath, ownQuery(asked, table, componentPath));
    this.#queries.set(++this.#lastQueryId, { table, cursor });
    return JSON.stringify({ queryId: this.#lastQueryId });
  }

  #closeQuery(args: SyscallArgs): string {
    const id = numberArgument(args, "queryId");
    this.#queries.get(id)?.cursor.close();
    return String(this.#queries.delete(id));
  }

  #next(args: SyscallArgs): string {
    const query = this.#queries.get(numberArgument(args, "queryId"));
    const doc = query?.cursor.next() ?? null;
    if (query === undefined || doc === null) return '{"value":null,"done":true}';
    return `{"value":${visibleJson(query.table, doc)},"done":false}`;
  }

  #page(args: SyscallArgs): string {
    const { tx, componentPath, journal } = this.#scope;
    const asked = queryArgument(args);
    const table = tableOf(asked);
    checkReadable(table);
    const query = ownQuery(asked, table, componentPath);
    if (this.#hasPaginated) {
      throw new UserError(
        "This query or mutation function ran multiple paginated queries. Convex only supports a single paginated query in each function.",
      );
    }
    this.#hasPaginated = true;
    const page = tx.page(componentPath, query, {
      cursor: optionalStringArgument(args, "cursor"),
      endCursor: optionalStringArgument(args, "endCursor") ?? pinnedEnd(journal),
      pageSize: countArgument(args, "pageSize"),
      maximumRowsRead: optionalCount(args, "maximumRowsRead"),
      maximumBytesRead: optionalCount(args, "maximumBytesRead"),
    });
    if (journal !== null) journal.next = JSON.stringify({ endCursor: page.continueCursor });
    const { page: docs, ...rest } = page;
    const documents = docs.map((doc) => visibleJson(table, doc)).join(",");
    return `{"page":[${documents}],${JSON.stringify(rest).slice(1)}`;
  }

  #count(args: SyscallArgs): string {
    const table = stringArgument(args, "table");
    checkReadable(table);
    return String(this.#scope.tx.count(this.#scope.componentPath, table));
  }

  #normalizeId(args: SyscallArgs): string {
    const { tx, componentPath } = this.#scope;
    const table = stringArgument(args, "table");
    const id = tx.normalizeId(componentPath, table, stringArgument(args, "idString"));
    return JSON.stringify({ id });
  }

  #get(args: SyscallArgs): string {
    const { tx, componentPath } = this.#scope;
    const id = stringArgument(args, "id");
    const isSystem = args["isSystem"] === true;
    const doc = tx.get(componentPath, id);
    const table = tableNameOf(tx, componentPath, id);
    if (table === null) return "null";
    this.#checkTable(args, "get", id, table);
    if (isSystemTable(table) !== isSystem) {
      throw new UserError(
        isSystem
          ? `Tried to query a user table with \`db.system.get\`: ID "${id}" is from table \`${table}\``
          : `Tried to query a system table with \`db.get\`: use \`db.system.get\` for ID "${id}"`,
      );
    }
    checkReadable(table);
    if (doc === null || (isSystem && ownerOf(doc) !== componentPath)) return "null";
    return visibleJson(table, doc);
  }

  #insert(args: SyscallArgs): string {
    const table = stringArgument(args, "table");
    if (isSystemTable(table)) throw new UserError(`Cannot insert into system table ${table}.`);
    const fields = fieldsArgument(args, "value");
    return JSON.stringify({ _id: this.#scope.tx.insert(this.#scope.componentPath, table, fields) });
  }

  #patch(args: SyscallArgs): string {
    const id = this.#writableId(args, "patch");
    const fields = fieldsArgument(args, "value");
    return this.#scope.tx.patch(this.#scope.componentPath, id, fields).json;
  }

  #replace(args: SyscallArgs): string {
    const id = this.#writableId(args, "replace");
    const fields = fieldsArgument(args, "value");
    return this.#scope.tx.replace(this.#scope.componentPath, id, fields).json;
  }

  #remove(args: SyscallArgs): string {
    const id = this.#writableId(args, "delete");
    return this.#scope.tx.delete(this.#scope.componentPath, id).json;
  }

  #writableId(args: SyscallArgs, operation: string): string {
    const id = stringArgument(args, "id");
    const table = tableNameOf(this.#scope.tx, this.#scope.componentPath, id);
    if (table === null) return id;
    this.#checkTable(args, operation, id, table);
    if (isSystemTable(table)) {
      throw new UserError(`Cannot ${operation} a document of system table ${table}.`);
    }
    return id;
  }

  /** `db.get("table", id)` and its likes name the table that the id must belong to. */
  #checkTable(args: SyscallArgs, operation: string, id: string, table: string): void {
    const expected = optionalStringArgument(args, "table");
    if (expected === null || expected === table) return;
    throw new UserError(
      `Invalid argument \`id\` for \`db.${operation}\`: expected an ID of table \`${expected}\`, but "${id}" is from table \`${table}\``,
    );
  }
}

function queryArgument(args: SyscallArgs): QueryJson {
  const query = args["query"];
  if (typeof query !== "object" || query === null) {
    throw new UserError("Invalid argument `query`: expected a query.");
  }
  return query as unknown as QueryJson;
}

function tableOf({ source }: QueryJson): string {
  return source.type === "FullTableScan"
    ? source.tableName
    : (source.indexName.split(".")[0] ?? "");
}

/** @throws UserError when it is not what a page gave: a client may send anything. */
function pinnedEnd(journal: Journal | null): string | null {
  if (journal?.previous == null) return null;
  try {
    const { endCursor } = JSON.parse(journal.previous) as { endCursor?: JSONValue };
    return typeof endCursor === "string" ? endCursor : null;
  } catch {
    throw invalidCursor();
  }
}

function optionalCount(args: SyscallArgs, name: string): number | null {
  return args[name] == null ? null : countArgument(args, name);
}
