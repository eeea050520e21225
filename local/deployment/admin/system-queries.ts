import type { Value } from "convex/values";
import { APP, mountedComponent, mountedPaths } from "../functions/components.ts";
import type { Origins } from "../functions/modules/function-sets.ts";
import type { SystemQuery } from "../functions/system-query.ts";
import { EXPORTS_TABLE, IMPORTS_TABLE } from "../snapshots/tables.ts";
import { readRows } from "../system-rows.ts";
import type { ConvexObject } from "../values/encoding.ts";
import { asValue, documentPage, newestRow, newestRows, tablePage } from "./data-pages.ts";
import { functionSpec } from "./function-spec.ts";

const VARIABLES = "_environment_variables.by_name";

/** The deployment's own queries that the CLI subscribes to, by path. */
export function systemQueries(origins: Origins): Readonly<Record<string, SystemQuery>> {
  return {
    "_system/cli/queryEnvironmentVariables:default": (tx) =>
      readRows(tx, VARIABLES, []).map(({ value }) => asVariable(value)),
    "_system/cli/queryEnvironmentVariables:get": (tx, { name }) => {
      const where = [{ type: "Eq", fieldPath: "name", value: String(name) }] as const;
      const [row] = readRows(tx, VARIABLES, where, 1);
      return row === undefined ? null : asVariable(row.value);
    },
    "_system/cli/convexUrl:cloudUrl": () => origins.cloud,
    "_system/cli/convexUrl:siteUrl": () => origins.site,
    "_system/cli/tableSize:default": (tx, { tableName }, _functions, component) =>
      tx.count(component, String(tableName)),
    // The CLI asks only in order to learn that something in the table changed.
    "_system/cli/queryTable:default": (tx, { tableName }, _functions, component) =>
      tx.count(component, String(tableName)),
    "_system/cli/tables:default": (tx, _args, _functions, component) => tablePage(tx, component),
    "_system/cli/tableData:default": (tx, args, _functions, component) =>
      documentPage(tx, args, component),
    "_system/cli/exports:getLatest": (tx) => newestRow(tx, EXPORTS_TABLE.name),
    "_system/cli/queryImport:default": (tx, { importId }) => asValue(tx.get(APP, String(importId))),
    "_system/cli/queryImport:list": (tx) => newestRows(tx, IMPORTS_TABLE.name, 20),
    "_system/cli/modules:apiSpec": (_tx, _args, functions) => functionSpec(functions()),
    "_system/frontend/getSchemas:default": (tx, _args, _functions, component) => {
      // The push that changes it changes this too, which says so to who watches.
      mountedComponent(tx, component);
      const active = tx.tables.schema(component);
      return active === null ? {} : { active };
    },
    "_system/frontend/components:list": (tx) => mountedPaths(tx).map(asComponent),
  };
}

/** A component is known by its path, which is the app's own name for it too. */
function asComponent(path: string): Value {
  return { id: path, path, name: path.split("/").pop()!, args: {}, state: "active" };
}

function asVariable({ name, value }: ConvexObject): { name: string; value: string } {
  return { name: String(name), value: String(value) };
}
