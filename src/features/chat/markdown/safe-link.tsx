import type { ComponentProps } from "react";
import { textOf } from "./code-block";

/**
 * A link of an answer: opens beside the chat and tells the other side nothing of where it was. One
 * whose words look like another address than it leads to says where it does lead.
 */
export function SafeLink({ href, children }: ComponentProps<"a">) {
  if (href === undefined || !/^(https?:|mailto:|tel:)/i.test(href)) return <span>{children}</span>;
  const host = disguisedHost(textOf(children), href);
  return (
    <>
      <a href={href} target="_blank" rel="noopener noreferrer nofollow" title={href}>
        <bdi>{children}</bdi>
      </a>
      {host !== null && <span> (leads to {host})</span>}
    </>
  );
}

const ADDRESS = /^\s*(?:https?:\/\/)?((?:[\w-]+\.)+[a-z]{2,})(?=[/:?#\s]|$)/i;

/** The host that `href` leads to, when its words name another one. */
export function disguisedHost(words: string, href: string): string | null {
  const named = ADDRESS.exec(words)?.[1]?.toLowerCase();
  if (named === undefined || !URL.canParse(href)) return null;
  const { hostname, protocol } = new URL(href);
  if (!protocol.startsWith("http")) return null;
  const bare = (host: string) => host.toLowerCase().replace(/^www\./, "");
  return bare(hostname) === bare(named) ? null : hostname;
}
