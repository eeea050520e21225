/** What became of each export: `{state, requestor, start_ts?, complete_ts?, zip_object_key?}`. */
export const EXPORTS_TABLE = { name: "_exports", number: 12, indexes: [] } as const;

/** What became of each import: `{state: {state, …}, requestor, request, file}`. */
export const IMPORTS_TABLE = { name: "_snapshot_imports", number: 13, indexes: [] } as const;
