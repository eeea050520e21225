import type { Identity } from "../functions/call.ts";

/** Who asked, over which connection: the same for a call and everything that it calls. */
export interface RequestContext {
  readonly id: string;
  readonly identity: Identity | null;
  readonly ip: string | null;
  readonly userAgent: string | null;
  readonly scheduledFunctionId: string | null;
}
