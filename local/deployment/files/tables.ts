/**
 * The rows of stored files: `{sha256 (hex), size (bytes), contentType?, uuid}`. The number is the
 * one that Convex's own backend gives this table, so that an export with files fits in there.
 */
export const STORAGE_TABLE = {
  name: "_storage",
  number: 540,
  indexes: [{ name: "by_uuid", fields: ["uuid"] }],
} as const;
