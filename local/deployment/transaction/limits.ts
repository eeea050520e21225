/** Convex's limits of one transaction, counted as it goes, with Convex's messages. */
import type { Value } from "convex/values";
import { formatBytes, shapeProblem } from "../values/size.ts";
import { UserError } from "./user-error.ts";

const MIB = 1024 * 1024;

const MAX_DOCUMENT_BYTES = MIB;
const MAX_DOCUMENT_NESTING = 16;
const MAX_SCHEDULED_ARGS_BYTES = 4 * MIB;

/** What a transaction may use, and in the same shape what it has used. */
export interface TransactionMetrics {
  documentsRead: number;
  bytesRead: number;
  documentsWritten: number;
  bytesWritten: number;
  databaseQueries: number;
  functionsScheduled: number;
  scheduledFunctionArgsBytes: number;
}

export const TRANSACTION_LIMITS: Readonly<TransactionMetrics> = {
  documentsRead: 32_000,
  bytesRead: 16 * MIB,
  documentsWritten: 16_000,
  bytesWritten: 16 * MIB,
  databaseQueries: 4_096,
  functionsScheduled: 1_000,
  scheduledFunctionArgsBytes: 16 * MIB,
};

const READ_LESS =
  "Consider using smaller limits in your queries, paginating your queries, or using indexed queries with a selective index range expressions.";

/** Counts, and throws a UserError at the first use beyond a limit. */
export class Meter {
  readonly metrics: TransactionMetrics = {
    documentsRead: 0,
    bytesRead: 0,
    documentsWritten: 0,
    bytesWritten: 0,
    databaseQueries: 0,
    functionsScheduled: 0,
    scheduledFunctionArgsBytes: 0,
  };

  countQuery(): void {
    const limit = TRANSACTION_LIMITS.databaseQueries;
    if (++this.metrics.databaseQueries > limit) {
      throw new UserError(
        `Too many reads in a single function execution (limit: ${limit}). ${READ_LESS}`,
      );
    }
  }

  countRead(bytes: number): void {
    const { documentsRead, bytesRead } = TRANSACTION_LIMITS;
    this.metrics.bytesRead += bytes;
    if (++this.metrics.documentsRead > documentsRead) {
      throw new UserError(
        `Too many documents read in a single function execution (limit: ${documentsRead}). ${READ_LESS}`,
      );
    }
    if (this.metrics.bytesRead > bytesRead) {
      throw new UserError(
        `Too many bytes read in a single function execution (limit: ${bytesRead} bytes). ${READ_LESS}`,
      );
    }
  }

  countWrite(bytes: number): void {
    const { documentsWritten, bytesWritten } = TRANSACTION_LIMITS;
    this.metrics.bytesWritten += bytes;
    if (++this.metrics.documentsWritten > documentsWritten) {
      throw new UserError(
        `Too many writes in a single function execution (limit: ${documentsWritten})`,
      );
    }
    if (this.metrics.bytesWritten > bytesWritten) {
      throw new UserError(
        `Too many bytes written in a single function execution (limit: ${formatBytes(bytesWritten)})`,
      );
    }
  }

  countScheduled(argsBytes: number): void {
    const { functionsScheduled, scheduledFunctionArgsBytes } = TRANSACTION_LIMITS;
    if (argsBytes > MAX_SCHEDULED_ARGS_BYTES) {
      throw new UserError(
        `Too large arguments of a scheduled function (actual: ${formatBytes(argsBytes)}, limit: ${formatBytes(MAX_SCHEDULED_ARGS_BYTES)})`,
      );
    }
    this.metrics.scheduledFunctionArgsBytes += argsBytes;
    if (++this.metrics.functionsScheduled > functionsScheduled) {
      throw new UserError(
        `Too many functions scheduled by this mutation (limit: ${functionsScheduled})`,
      );
    }
    if (this.metrics.scheduledFunctionArgsBytes > scheduledFunctionArgsBytes) {
      throw new UserError(
        `Too large total size of the arguments of scheduled functions from this mutation (limit: ${scheduledFunctionArgsBytes} bytes)`,
      );
    }
  }
}

/** Throws a UserError when a document of that many bytes would be too large. */
export function checkDocumentSize(bytes: number): void {
  if (bytes > MAX_DOCUMENT_BYTES) {
    throw new UserError(
      `Value is too large (${formatBytes(bytes)} > maximum size ${formatBytes(MAX_DOCUMENT_BYTES)})`,
    );
  }
}

/** Throws a UserError when a document is nested too deep, or a part of it has too many parts. */
export function checkShape(value: Value, json: string): void {
  const depth = json.length < 2 * MAX_DOCUMENT_NESTING ? 0 : depthOf(value);
  if (depth > MAX_DOCUMENT_NESTING) {
    throw new UserError(
      `Document is too nested (nested ${depth} levels deep > maximum nesting ${MAX_DOCUMENT_NESTING})`,
    );
  }
  const problem = shapeProblem(json);
  if (problem !== null) throw new UserError(problem);
}

function depthOf(value: Value | undefined): number {
  if (typeof value !== "object" || value === null || value instanceof ArrayBuffer) return 0;
  let deepest = 0;
  for (const part of Array.isArray(value) ? value : Object.values(value)) {
    deepest = Math.max(deepest, depthOf(part));
  }
  return deepest + 1;
}
