import { useQuery } from "convex/react";
import type { FunctionReturnType } from "convex/server";
import type { ReactNode } from "react";
import { api } from "../../../../convex/_generated/api";
import type { Id } from "../../../../convex/_generated/dataModel";
import { CONTEXT_MAX_TOKENS } from "../../../../convex/chat/limits";
import { Dialog } from "../../../components/dialog";

type Context = FunctionReturnType<typeof api.chat.requests.previewContext>;

/** What the model is told of the person's projects and tasks with the next message, word for word. */
export function ContextDialog({
  context,
  onClose,
}: {
  readonly context: Context;
  readonly onClose: () => void;
}) {
  return (
    <Dialog wide open title="Your projects and tasks" onClose={onClose}>
      <p className="pb-3 text-sm text-ink-2">
        With each message in this chat the model is told this, word for word, and nothing else of
        your projects. It is at most about {CONTEXT_MAX_TOKENS.toLocaleString("en")} tokens; what is
        urgent and recent comes first.
      </p>
      {context.text === "" ? (
        <p>You have no active projects or tasks yet, so nothing is sent.</p>
      ) : (
        <Verbatim>{context.text}</Verbatim>
      )}
    </Dialog>
  );
}

/** What the model was sent for an answer, word for word. */
export function SentDialog({
  messageId,
  onClose,
}: {
  readonly messageId: Id<"chatMessages">;
  readonly onClose: () => void;
}) {
  const sent = useQuery(api.chat.requests.whatWasSent, { messageId });
  return (
    <Dialog wide open title="What was sent" onClose={onClose}>
      <div className="flex min-h-40 flex-col gap-4">
        {sent === null && <p>Nothing was recorded for this answer.</p>}
        {sent && (
          <>
            <p className="text-sm text-ink-2">
              For this answer {sent.model ?? "the model"} was sent exactly the following, and
              nothing else.{" "}
              {sent.contextItems.length === 0
                ? "Nothing of your projects and tasks was in it."
                : `Of your projects and tasks it held ${named(sent.contextItems)}.`}
            </p>
            <Part title="Instructions">{sent.instructions}</Part>
            {sent.messages.map(({ role, content }, index) => (
              // A record: it never changes.
              // oxlint-disable-next-line react/no-array-index-key
              <Part key={index} title={role === "user" ? "You" : "Assistant"}>
                {content}
              </Part>
            ))}
          </>
        )}
      </div>
    </Dialog>
  );
}

function named(items: Context["items"]): string {
  return items.map(({ title }) => `“${title}”`).join(", ");
}

function Part({ title, children }: { readonly title: string; readonly children: string }) {
  return (
    <section>
      <h3 className="pb-1 text-[13px] font-[550] text-ink-2">{title}</h3>
      <Verbatim>{children}</Verbatim>
    </section>
  );
}

function Verbatim({ children }: { readonly children: ReactNode }) {
  return (
    <pre
      tabIndex={0}
      className="rounded-control border border-line bg-paper p-3 font-mono text-[13px] leading-relaxed wrap-anywhere whitespace-pre-wrap"
    >
      {children}
    </pre>
  );
}
