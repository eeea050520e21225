import { convexQuery } from "@convex-dev/react-query";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { api } from "../../../../convex/_generated/api";
import { PageTitle } from "../../../components/page-title";
import { useWhenNear } from "../../../lib/use-when-near";
import { Markdown } from "../markdown/markdown";
import { ThreadSkeleton } from "../thread/thread-skeleton";
import { dayOf, momentOf } from "../../../lib/moments";

/** Pages of the chat that are read before anybody has scrolled. */
const FIRST_PAGES = 2;

/**
 * A chat that somebody shared, to read. It goes when its link is revoked or expires, also while it
 * is open.
 */
export function SharedChat({
  token,
  absent,
}: {
  readonly token: string;
  /** In place of everything when the link leads nowhere. */
  readonly absent: ReactNode;
}) {
  const { data: chat } = useQuery(convexQuery(api.sharing.snapshots.sharedChat, { token }));
  const [shownPages, setShownPages] = useState(FIRST_PAGES);
  if (chat === null) return absent;
  return (
    <main className="mx-auto max-w-[744px] px-6 pt-8 pb-16 max-wide:px-3.5">
      {chat === undefined ? (
        <ThreadSkeleton />
      ) : (
        <>
          <PageTitle>{chat.title}</PageTitle>
          <h1 className="font-display text-[34px] leading-tight tracking-[-0.015em] wrap-anywhere">
            {chat.title}
          </h1>
          <p className="mt-1.5 mb-8 text-ink-2">
            A conversation with an AI model, shared on{" "}
            <time dateTime={new Date(chat.createdAt).toISOString()}>{dayOf(chat.createdAt)}</time>
            {chat.expiresAt !== null && (
              <>
                {" "}
                and open until{" "}
                <time dateTime={new Date(chat.expiresAt).toISOString()}>
                  {momentOf(chat.expiresAt)}
                </time>
              </>
            )}
            . Answers can be wrong.
          </p>
          <div className="flex flex-col gap-[22px] max-wide:gap-[18px]">
            {Array.from({ length: Math.min(shownPages, chat.pages) }, (_, page) => (
              <SharedPage key={page} token={token} page={page} />
            ))}
          </div>
          {shownPages < chat.pages && <More onNear={() => setShownPages(shownPages + 1)} />}
        </>
      )}
    </main>
  );
}

function SharedPage({ token, page }: { readonly token: string; readonly page: number }) {
  const { data: messages } = useQuery(
    convexQuery(api.sharing.snapshots.sharedMessages, { token, page }),
  );
  return messages?.map(({ _id, role, content, isWhole, attachments }) =>
    role === "user" ? (
      <article
        key={_id}
        aria-label="Question"
        className="max-w-[82%] self-end rounded-bubble rounded-br-[5px] bg-accent px-[15px] py-2.5 leading-normal wrap-anywhere whitespace-pre-wrap text-accent-ink [unicode-bidi:plaintext]"
      >
        {content}
        {attachments.length > 0 && (
          <p className="mt-1.5 text-[13px]">With attached text: {attachments.join(", ")}</p>
        )}
      </article>
    ) : (
      <article
        key={_id}
        aria-label="Answer"
        className="max-w-[94%] rounded-bubble rounded-bl-[5px] bg-answer px-[18px] py-3.5 max-wide:max-w-full max-wide:px-3.5 max-wide:py-3"
      >
        <Markdown text={content} state={isWhole ? "whole" : "cut"} />
      </article>
    ),
  );
}

/** Asks for the page that follows when the end comes near. */
function More({ onNear }: { readonly onNear: () => void }) {
  const place = useWhenNear<HTMLDivElement>(onNear, 800);
  return <div ref={place} className="h-px" />;
}
