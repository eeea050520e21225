import { convexQuery } from "@convex-dev/react-query";
import { useQuery } from "@tanstack/react-query";
import type { FunctionReturnType } from "convex/server";
import { api } from "../../../convex/_generated/api";

export type Pro = NonNullable<FunctionReturnType<typeof api.billing.state.current>["pro"]>;

/** What the person is on, live; `undefined` until it is known. */
export function useBilling() {
  return useQuery(convexQuery(api.billing.state.current, {})).data;
}
