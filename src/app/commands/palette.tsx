import { Command } from "cmdk";
import { FileText, MessageSquare, Search } from "@/components/icons";
import { Dialog as Radix } from "radix-ui";
import { type ReactNode, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { Marked } from "../../features/chat/search/marked";
import { messageAddress, useSearch } from "../../features/chat/search/use-search";
import { useRecentSessions } from "../../features/chat/sessions/use-recent-sessions";
import { type CommandId, COMMANDS, runCommand, useAvailableCommands } from "../../lib/commands";
import { restoreFocus } from "../../lib/last-focus";
import { PAGES } from "../frame/pages-menu";
import { useBindings } from "./bindings";
import { Keys } from "./keys";

const ICON = { size: 16, strokeWidth: 1.75, "aria-hidden": true } as const;

/** Everything by name: what can be done, the pages, and the person's chats and messages. */
export default function Palette({ onClose }: { readonly onClose: () => void }) {
  const [query, setQuery] = useState("");
  const navigate = useNavigate();
  const afterwards = useRef<(() => void) | null>(null);

  function close(then: () => void) {
    afterwards.current = then;
    onClose();
  }
  const go = (address: string) => close(() => void navigate(address));

  return (
    <Radix.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 animate-appear bg-[oklch(0.15_0.01_260/0.4)]" />
        <Radix.Content
          aria-describedby={undefined}
          onCloseAutoFocus={(event) => {
            // Back to where it was also before a command: one that goes elsewhere takes it along.
            if (restoreFocus() || afterwards.current !== null) event.preventDefault();
            afterwards.current?.();
          }}
          className="fixed top-[min(14vh,120px)] left-1/2 z-50 w-[calc(100vw-24px)] max-w-[600px] -translate-x-1/2 animate-appear overflow-hidden rounded-card border border-line bg-raised shadow-float outline-none"
        >
          <Radix.Title className="sr-only">Search and commands</Radix.Title>
          <Command label="Search and commands" shouldFilter={false} loop>
            <div className="flex items-center gap-3 border-b border-line px-4">
              <Search {...ICON} className="flex-none text-ink-2" />
              <Command.Input
                value={query}
                onValueChange={setQuery}
                placeholder="Search chats, or say what to do"
                className="h-13 min-w-0 flex-1 bg-transparent text-base outline-none placeholder:text-ink-2"
              />
            </div>
            <Command.List className="max-h-[min(56vh,420px)] overflow-y-auto overscroll-contain p-2">
              <Command.Empty className="px-3 py-6 text-center text-ink-2">
                Nothing has this name, and no chat has these words.
              </Command.Empty>
              <Deeds query={query} onRun={(id) => close(() => runCommand(id))} onGo={go} />
              {query.trim() === "" ? <Recent onGo={go} /> : <Found query={query} onGo={go} />}
            </Command.List>
          </Command>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

function Deeds({
  query,
  onRun,
  onGo,
}: {
  readonly query: string;
  readonly onRun: (id: CommandId) => void;
  readonly onGo: (address: string) => void;
}) {
  const bindings = useBindings();
  const wanted = query.trim().toLowerCase();
  const isWanted = (label: string) => label.toLowerCase().includes(wanted);
  const commands = useAvailableCommands().filter(
    (id) => id !== "palette" && isWanted(COMMANDS[id].label),
  );
  const pages = PAGES.filter(({ label }) => isWanted(label));
  return (
    <>
      {commands.length > 0 && (
        <Group heading="Commands">
          {commands.map((id) => {
            const binding = bindings[id];
            return (
              <Item key={id} value={id} onSelect={() => onRun(id)}>
                <span className="min-w-0 flex-1 truncate">{COMMANDS[id].label}</span>
                {binding !== null && <Keys binding={binding} />}
              </Item>
            );
          })}
        </Group>
      )}
      {pages.length > 0 && (
        <Group heading="Pages">
          {pages.map(({ to, label, Icon }) => (
            <Item key={to} value={`page ${to}`} onSelect={() => onGo(to)}>
              <Icon {...ICON} className="flex-none text-ink-2" />
              {label}
            </Item>
          ))}
        </Group>
      )}
    </>
  );
}

function Recent({ onGo }: { readonly onGo: (address: string) => void }) {
  const sessions = useRecentSessions();
  if (sessions.length === 0) return null;
  return (
    <Group heading="Recent chats">
      {sessions.map(({ _id, displayId, title }) => (
        <Item key={_id} value={_id} onSelect={() => onGo(`/chat/${displayId}`)}>
          <MessageSquare {...ICON} className="flex-none text-ink-2" />
          <span className="min-w-0 flex-1 truncate">{title}</span>
        </Item>
      ))}
    </Group>
  );
}

function Found({
  query,
  onGo,
}: {
  readonly query: string;
  readonly onGo: (address: string) => void;
}) {
  const hits = useSearch(query);
  if (!hits) return null;
  return (
    <>
      {hits.sessions.length > 0 && (
        <Group heading="Chats">
          {hits.sessions.map(({ _id, displayId, title }) => (
            <Item key={_id} value={_id} onSelect={() => onGo(`/chat/${displayId}`)}>
              <MessageSquare {...ICON} className="flex-none text-ink-2" />
              <span className="min-w-0 flex-1 truncate">
                <Marked snippet={title} />
              </span>
            </Item>
          ))}
        </Group>
      )}
      {hits.messages.length > 0 && (
        <Group heading="Messages">
          {hits.messages.map((hit) => (
            <Item key={hit._id} value={hit._id} onSelect={() => onGo(messageAddress(hit))}>
              <FileText {...ICON} className="flex-none self-start text-ink-2" />
              <span className="min-w-0 flex-1">
                <span className="block truncate">{hit.title}</span>
                <span className="line-clamp-2 text-[13px] leading-snug wrap-anywhere text-ink-2">
                  <Marked snippet={hit.snippet} />
                </span>
              </span>
            </Item>
          ))}
        </Group>
      )}
    </>
  );
}

function Group({ heading, children }: { readonly heading: string; readonly children: ReactNode }) {
  return (
    <Command.Group
      heading={heading}
      className="[&>[cmdk-group-heading]]:px-3 [&>[cmdk-group-heading]]:pt-2.5 [&>[cmdk-group-heading]]:pb-1 [&>[cmdk-group-heading]]:text-xs [&>[cmdk-group-heading]]:font-[550] [&>[cmdk-group-heading]]:text-ink-2"
    >
      {children}
    </Command.Group>
  );
}

function Item({
  value,
  onSelect,
  children,
}: {
  readonly value: string;
  readonly onSelect: () => void;
  readonly children: ReactNode;
}) {
  return (
    <Command.Item
      value={value}
      onSelect={onSelect}
      className="flex min-h-10 cursor-pointer items-center gap-3 rounded-lg px-3 py-1.5 pointer-coarse:min-h-11 data-[selected=true]:bg-shade"
    >
      {children}
    </Command.Item>
  );
}
