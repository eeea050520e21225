import { ExternalLink, Link2 } from "@/components/icons";
import { useState } from "react";
import { Button } from "../../../components/button";
import { CopyButton } from "../../../components/copy-button";
import { Dialog } from "../../../components/dialog";
import { Select } from "../../../components/field";
import { Notice } from "../../../components/notice";
import type { Session } from "../message";
import { dayOf, momentOf } from "../../../lib/moments";
import { type Lifetime, linkAddress, type ShareLink, useLinks } from "./use-links";

const UNTIL_REVOKED = "untilRevoked";
const LIFETIMES: { value: Lifetime | typeof UNTIL_REVOKED; label: string }[] = [
  { value: UNTIL_REVOKED, label: "Until I revoke it" },
  { value: "day", label: "For 1 day" },
  { value: "week", label: "For 7 days" },
  { value: "month", label: "For 30 days" },
];

/** Makes a link to the chat as it is now, and lists all links that the person has handed out. */
export default function ShareDialog({
  session,
  onClose,
}: {
  readonly session: Session;
  readonly onClose: () => void;
}) {
  const { links, loadMore, refusal, create, revoke } = useLinks();
  const [isBusy, setIsBusy] = useState(false);
  const [lifetime, setLifetime] = useState<Lifetime | null>(null);
  const here = links?.filter(({ sessionId }) => sessionId === session._id) ?? [];
  const elsewhere = links?.filter(({ sessionId }) => sessionId !== session._id) ?? [];

  async function makeLink() {
    setIsBusy(true);
    await create(session._id, lifetime);
    setIsBusy(false);
  }

  return (
    <Dialog title="Share chat" open wide onClose={onClose}>
      <p className="text-ink-2">
        Anyone who has the link can read “{session.title}” as it is now, without an account. What
        you write later is not in it, and attached texts are not either.
      </p>
      {refusal !== null && (
        <Notice announced className="mt-3">
          {refusal}
        </Notice>
      )}
      <div className="mt-4 flex flex-wrap items-end gap-2">
        <Select
          label="Link works"
          small
          options={LIFETIMES}
          value={lifetime ?? UNTIL_REVOKED}
          onChange={(chosen) => setLifetime(chosen === UNTIL_REVOKED ? null : chosen)}
          className="w-42"
        />
        <Button
          kind="primary"
          disabled={isBusy || session.messageCount === 0}
          onClick={() => void makeLink()}
        >
          <Link2 size={17} strokeWidth={1.75} aria-hidden="true" />
          Create link
        </Button>
      </div>
      <Links label="Links to this chat" links={here} onRevoke={(link) => void revoke(link)} />
      <Links
        label="Links to other chats"
        links={elsewhere}
        onRevoke={(link) => void revoke(link)}
      />
      {loadMore !== null && (
        <Button kind="bare" size="small" onClick={loadMore}>
          Show more
        </Button>
      )}
    </Dialog>
  );
}

function Links({
  label,
  links,
  onRevoke,
}: {
  readonly label: string;
  readonly links: readonly ShareLink[];
  readonly onRevoke: (link: ShareLink) => void;
}) {
  if (links.length === 0) return null;
  return (
    <section aria-label={label} className="mt-6">
      <h3 className="text-sm font-[550] text-ink-2">{label}</h3>
      <ul className="mt-1.5 divide-y divide-line">
        {links.map((link) => (
          <li key={link._id} className="flex flex-wrap items-center gap-x-2 gap-y-1 py-2">
            <div className="min-w-0 flex-1 basis-40">
              <p className="truncate font-[550]">{link.title}</p>
              <p className="text-[13px] text-ink-2">
                {link.displayId} · shared {dayOf(link.createdAt)}
                {link.expiresAt !== null && ` · expires ${momentOf(link.expiresAt)}`}
              </p>
            </div>
            <div className="flex items-center gap-1.5">
              <a
                href={linkAddress(link)}
                target="_blank"
                rel="noreferrer"
                aria-label="Open link"
                title="Open link"
                className="touch-target grid size-[30px] place-items-center rounded-lg text-ink-2 hover:bg-shade hover:text-ink"
              >
                <ExternalLink size={15} strokeWidth={1.75} aria-hidden="true" />
              </a>
              <CopyButton text={linkAddress(link)} what="link" />
              <Button size="small" aria-label="Revoke link" onClick={() => onRevoke(link)}>
                Revoke
              </Button>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
