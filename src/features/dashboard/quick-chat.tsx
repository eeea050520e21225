import { usePaginatedQuery } from "convex/react";
import { ArrowUp, MessageSquare } from "@/components/icons";
import type { FormEvent } from "react";
import { api } from "../../../convex/_generated/api";
import { trimmed } from "../../../convex/lib/characters";
import { Button } from "../../components/button";
import { Card } from "../../components/card";
import { ChatLines } from "../../components/chat-lines";
import { useTypedText } from "../../lib/use-typed-text";

const SHOWN = 3;

/** Recent chats, live, and a field that starts a new one. */
export function QuickChat({ onAsk }: { readonly onAsk: (text: string) => void }) {
  const { results } = usePaginatedQuery(
    api.chat.sessions.listSessions,
    {},
    { initialNumItems: SHOWN },
  );
  const [text, setText] = useTypedText("quick-chat");
  const content = trimmed(text);

  function submit(event: FormEvent) {
    event.preventDefault();
    if (content === "") return;
    onAsk(content);
    setText("");
  }

  return (
    <Card title="Quick Chat" Icon={MessageSquare}>
      <form
        onSubmit={submit}
        className="flex items-center gap-2 rounded-xl border border-line bg-paper py-2 pr-2 pl-3.5 focus-within:border-[color-mix(in_oklab,var(--accent-text)_55%,var(--line))]"
      >
        <input
          aria-label="Ask anything"
          placeholder="Ask anything…"
          value={text}
          onChange={(event) => setText(event.target.value)}
          className="-my-2 min-h-12 min-w-0 flex-1 bg-transparent text-base outline-none placeholder:text-ink-2"
        />
        <Button
          type="submit"
          kind="primary"
          size="icon-small"
          className="size-8! rounded-full!"
          aria-label="Ask"
          disabled={content === ""}
        >
          <ArrowUp size={17} strokeWidth={2} aria-hidden="true" />
        </Button>
      </form>
      {results.length > 0 && <ChatLines chats={results.slice(0, SHOWN)} />}
    </Card>
  );
}
