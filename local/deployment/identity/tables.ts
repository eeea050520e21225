/** One row: `{jwk}`, the JSON text of the key with which `ctx.auth.signJwt` signs. */
export const SIGNING_KEYS_TABLE = { name: "_signing_keys", number: 14, indexes: [] } as const;
