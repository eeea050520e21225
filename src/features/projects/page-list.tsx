import { convexQuery } from "@convex-dev/react-query";
import { useQuery } from "@tanstack/react-query";
import { useMutation } from "convex/react";
import type { FunctionReturnType } from "convex/server";
import { ExternalLink, FileText, Globe, Plus, Sparkles, Trash2 } from "@/components/icons";
import { type FormEvent, useState } from "react";
import { api } from "../../../convex/_generated/api";
import type { Id } from "../../../convex/_generated/dataModel";
import { COSTS } from "../../../convex/credits/rules";
import { URL_MAX_CHARACTERS } from "../../../convex/projects/limits";
import { Button } from "../../components/button";
import { Card } from "../../components/card";
import { CharactersLeft } from "../../components/characters-left";
import { Dialog } from "../../components/dialog";
import { Notice } from "../../components/notice";
import { errorSentence } from "../../lib/error-sentence";
import { usePrice } from "../../lib/price";
import { randomToken } from "../../lib/random-token";
import { useKeptPlace } from "../../lib/use-kept-focus";
import { settled } from "./use-tasks";

type Page = FunctionReturnType<typeof api.projects.pages.listPages>[number];

/** Web pages that were read for a project: a chat about it knows them, and a draft can start from one. */
export function PageList({
  projectId,
  onDraft,
}: {
  readonly projectId: Id<"projects">;
  readonly onDraft: (pageId: Id<"projectPages">) => void;
}) {
  const { data: pages } = useQuery(convexQuery(api.projects.pages.listPages, { projectId }));
  const removePage = useMutation(api.projects.pages.removePage);
  const [shown, setShown] = useState<Page | null>(null);
  const keptPlace = useKeptPlace();
  return (
    <Card title="Web pages" Icon={Globe}>
      <AddPage projectId={projectId} />
      {pages !== undefined && pages.length > 0 && (
        <ul {...keptPlace} aria-label="Web pages" className="flex flex-col">
          {pages.map((page) => (
            <PageRow
              key={page._id}
              page={page}
              onShow={() => setShown(page)}
              onDraft={() => onDraft(page._id)}
              onRemove={() => void settled(removePage({ pageId: page._id }))}
            />
          ))}
        </ul>
      )}
      {pages?.length === 0 && (
        <p className="text-sm text-ink-2">
          Give the address of a public page, and its text is kept here for chats and drafts.
        </p>
      )}
      {shown !== null && <PageDialog page={shown} onClose={() => setShown(null)} />}
    </Card>
  );
}

function AddPage({ projectId }: { readonly projectId: Id<"projects"> }) {
  const price = usePrice(COSTS.pageRead);
  const addPage = useMutation(api.projects.pages.addPage);
  const [address, setAddress] = useState("");
  const [failure, setFailure] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);

  async function add(event: FormEvent) {
    event.preventDefault();
    if (isBusy || address.trim() === "") return;
    setIsBusy(true);
    setFailure(null);
    try {
      await addPage({ projectId, address, clientKey: randomToken() });
      setAddress("");
    } catch (error) {
      setFailure(errorSentence(error));
    } finally {
      setIsBusy(false);
    }
  }

  return (
    <form onSubmit={(event) => void add(event)} className="flex flex-col gap-2">
      <div className="relative flex flex-wrap items-center gap-2 rounded-xl border border-line bg-paper py-1.5 pr-1.5 pl-3.5 focus-within:border-[color-mix(in_oklab,var(--accent-text)_55%,var(--line))]">
        <input
          aria-label="Page address"
          placeholder="https://…"
          inputMode="url"
          autoComplete="off"
          maxLength={URL_MAX_CHARACTERS}
          value={address}
          onChange={(event) => setAddress(event.target.value)}
          className="-my-1.5 min-h-11 min-w-0 flex-1 basis-48 bg-transparent text-base outline-none placeholder:text-ink-2"
        />
        <CharactersLeft text={address} max={URL_MAX_CHARACTERS} />
        <div className="ml-auto flex flex-none items-center gap-2">
          <span className="text-[13px] text-ink-2">{price}</span>
          <Button
            type="submit"
            kind="primary"
            size="small"
            disabled={isBusy || address.trim() === ""}
            title={`Reading a page: ${price}`}
          >
            <Plus size={15} strokeWidth={2} aria-hidden="true" />
            Add page
          </Button>
        </div>
      </div>
      {failure !== null && <Notice announced>{failure}</Notice>}
    </form>
  );
}

function PageRow({
  page,
  onShow,
  onDraft,
  onRemove,
}: {
  readonly page: Page;
  readonly onShow: () => void;
  readonly onDraft: () => void;
  readonly onRemove: () => void;
}) {
  return (
    <li className="flex items-start gap-3 border-t border-line py-2.5">
      <FileText
        size={17}
        strokeWidth={1.75}
        aria-hidden="true"
        className="mt-0.5 flex-none text-ink-2"
      />
      <div className="min-w-0 flex-1">
        {page.status === "ready" ? (
          <button
            type="button"
            onClick={onShow}
            className="touch-target block max-w-full truncate text-left font-[450] hover:text-accent-text"
          >
            {page.title}
          </button>
        ) : (
          <span className="block truncate">{page.url}</span>
        )}
        <p role="status" className="text-[13px] leading-snug text-ink-2">
          {page.status === "reading" && readingWords(page)}
          {page.status === "ready" && `${hostOf(page.url)} · ${lengthWords(page.characters)}`}
          {page.status === "failed" && <span className="text-bad">{page.error?.message}</span>}
        </p>
      </div>
      {page.status === "ready" && (
        <Button size="small" onClick={onDraft} aria-label={`Draft with AI from ${page.title}`}>
          <Sparkles size={14} strokeWidth={1.75} aria-hidden="true" />
          <span className="max-wide:hidden">Draft</span>
        </Button>
      )}
      <Button
        kind="bare"
        size="icon-small"
        aria-label={`Delete page ${page.title}`}
        onClick={onRemove}
      >
        <Trash2 size={15} strokeWidth={1.75} aria-hidden="true" />
      </Button>
    </li>
  );
}

/** What was read, as it will be given to the model. */
function PageDialog({ page, onClose }: { readonly page: Page; readonly onClose: () => void }) {
  const { data: text } = useQuery(
    convexQuery(api.projects.pages.getPageText, { pageId: page._id }),
  );
  return (
    <Dialog title={page.title} open wide onClose={onClose}>
      <a
        href={page.url}
        target="_blank"
        rel="noreferrer noopener"
        className="inline-flex max-w-full items-center gap-1.5 text-sm text-accent-text underline-offset-4 hover:underline"
      >
        <ExternalLink size={14} strokeWidth={1.75} aria-hidden="true" className="flex-none" />
        <span className="truncate">{page.url}</span>
      </a>
      <div className="mt-3 text-[15px] leading-relaxed wrap-anywhere whitespace-pre-wrap">
        {text}
      </div>
    </Dialog>
  );
}

function readingWords({ creditsUsed }: Page): string {
  return creditsUsed > 0 ? "Reading… Deleted now, it costs nothing." : "Reading…";
}

function hostOf(url: string): string {
  return URL.parse(url)?.host ?? url;
}

function lengthWords(characters: number): string {
  const words = Math.max(1, Math.round(characters / 6));
  return `about ${words.toLocaleString("en")} ${words === 1 ? "word" : "words"}`;
}
