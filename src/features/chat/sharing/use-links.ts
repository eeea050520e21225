import { useMutation, usePaginatedQuery } from "convex/react";
import type { FunctionArgs, FunctionReturnType } from "convex/server";
import { useState } from "react";
import { api } from "../../../../convex/_generated/api";
import type { Id } from "../../../../convex/_generated/dataModel";
import { errorSentence } from "../../../lib/error-sentence";
import { randomToken } from "../../../lib/random-token";

export type ShareLink = FunctionReturnType<typeof api.sharing.links.listLinks>["page"][number];

/** How long a link works that ends by itself. */
export type Lifetime = NonNullable<FunctionArgs<typeof api.sharing.links.createLink>["lifetime"]>;

const PAGE_SIZE = 50;

/** The person's links to shared chats, and what can be done with them. */
export function useLinks() {
  const { results, status, loadMore } = usePaginatedQuery(
    api.sharing.links.listLinks,
    {},
    { initialNumItems: PAGE_SIZE },
  );
  const createLink = useMutation(api.sharing.links.createLink);
  const revokeLink = useMutation(api.sharing.links.revokeLink);
  const [refusal, setRefusal] = useState<string | null>(null);

  async function orRefuse(change: Promise<unknown>) {
    setRefusal(null);
    try {
      await change;
    } catch (error) {
      setRefusal(errorSentence(error));
    }
  }

  return {
    links: status === "LoadingFirstPage" ? null : results,
    loadMore: status === "CanLoadMore" ? () => loadMore(PAGE_SIZE) : null,
    refusal,
    /** With `null`, a link that works until it is revoked. */
    create: async (sessionId: Id<"chatSessions">, lifetime: Lifetime | null) =>
      await orRefuse(
        createLink({ sessionId, token: randomToken(), lifetime: lifetime ?? undefined }),
      ),
    revoke: async ({ _id: shareId }: ShareLink) => await orRefuse(revokeLink({ shareId })),
  };
}

/** The address to hand out. */
export function linkAddress({ token }: Pick<ShareLink, "token">): string {
  return `${window.location.origin}/share/${token}`;
}
