import type { ServerResponse } from "node:http";

const RETRY_AFTER_SECONDS = 1;

interface ErrorBody {
  readonly code: string;
  readonly message: string;
  readonly [detail: string]: unknown;
}

/** The bodies that the service sends with each status, in its own shape. */
const BY_STATUS: Readonly<Record<number, ErrorBody>> = {
  401: {
    code: "401",
    message: "Access denied: the subscription key is missing or not valid for this resource.",
  },
  404: { code: "DeploymentNotFound", message: "The deployment for this resource does not exist." },
  408: { code: "Timeout", message: "The operation was timeout." },
  429: {
    code: "429",
    message: `Requests exceeded the rate limit. Try again in ${RETRY_AFTER_SECONDS} second.`,
  },
  500: {
    code: "InternalServerError",
    message: "The server had an error processing your request.",
    type: "server_error",
  },
  503: { code: "ServiceUnavailable", message: "The service is temporarily overloaded." },
};

/** Answers with an HTTP error; 429 and 503 tell when to try again. */
export function sendStatus(response: ServerResponse, status: number): void {
  const body = BY_STATUS[status] ?? { code: String(status), message: `Status ${status}.` };
  if (status === 429 || status === 503) {
    response.setHeader("retry-after", String(RETRY_AFTER_SECONDS));
    response.setHeader("retry-after-ms", String(RETRY_AFTER_SECONDS * 1000));
  }
  sendError(response, status, body);
}

export function sendInvalidRequest(response: ServerResponse, message: string): void {
  sendError(response, 400, { code: "invalid_request_error", message, param: null });
}

/** The refusal of a prompt by the content filter. */
export function sendPromptFiltered(response: ServerResponse): void {
  sendError(response, 400, {
    code: "content_filter",
    message: "The prompt was refused by the content management policy of the service.",
    param: "prompt",
    type: null,
    status: 400,
    innererror: {
      code: "ResponsibleAIPolicyViolation",
      content_filter_result: { violence: { filtered: true, severity: "medium" } },
    },
  });
}

function sendError(response: ServerResponse, status: number, error: ErrorBody): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify({ error }));
}
