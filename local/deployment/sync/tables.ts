/**
 * The answers to mutations that clients sent over a socket:
 * `{sessionId, requestId, result (encoded JSON text), logLines}`.
 */
export const SESSION_REQUESTS_TABLE = {
  name: "_session_requests",
  number: 8,
  indexes: [{ name: "by_request", fields: ["sessionId", "requestId"] }],
} as const;
