import { ConvexError } from "convex/values";

/**
 * Every refusal that a person may read, by its code. The page tells them apart by code and shows
 * the message as it is; Convex hides the text of every other error in production.
 */
export type ErrorCode =
  | "UNAUTHENTICATED"
  | "NOT_FOUND"
  | "INVALID_EMAIL"
  | "WEAK_PASSWORD"
  | "WRONG_CREDENTIALS"
  | "EMAIL_TAKEN"
  | "TOO_MANY_REQUESTS"
  | "INVALID_REQUEST"
  | "LIMIT_REACHED"
  | "DRAFT_RUNNING"
  | "PRO_IS_RUNNING"
  | "DELETION_ARRANGED"
  | "NOT_READY"
  | "EMPTY_MESSAGE"
  | "MESSAGE_TOO_LONG"
  | "ATTACHMENT_REFUSED"
  | "QUEUE_FULL"
  | "ANSWER_RUNNING"
  | "NOT_CONTINUABLE"
  | "TOO_MANY_VERSIONS"
  | "TOO_LONG_TO_SWITCH"
  | "INSUFFICIENT_CREDITS"
  | "BILLING_UNAVAILABLE"
  | "PAYMENT_PROCESSING"
  | "ALREADY_PRO";

/** What reaches the page as `error.data`: always a code and a sentence, and numbers where they help. */
export type AppErrorData = { code: ErrorCode; message: string } & Record<
  string,
  string | number | null
>;

/** An error that reaches the person as `message`, in production too. */
export function appError(
  code: ErrorCode,
  message: string,
  data: Record<string, string | number | null> = {},
): ConvexError<AppErrorData> {
  return new ConvexError<AppErrorData>({ ...data, code, message });
}

/** For what this version's page does not ask. */
export function outOfDate() {
  return appError("INVALID_REQUEST", "This page is out of date. Reload it and try again.");
}
