import { isBlank } from "../../../../convex/lib/characters";
import type { Message, Session } from "../message";

/** A chat with all its messages, oldest first. */
export interface WholeChat {
  readonly session: Session;
  readonly messages: readonly Message[];
}

export interface ExportedFile {
  readonly name: string;
  readonly type: string;
  readonly text: string;
}

/** For people and other programs' import: headings for who spoke, and their words as they were. */
export function asMarkdown({ session, messages }: WholeChat): ExportedFile {
  const parts = messages
    .filter(({ content }) => !isBlank(content))
    .map(({ role, timestamp, content, status }) => {
      const who = role === "user" ? "You" : "Assistant";
      const cut = status === "complete" ? "" : ` (${status})`;
      return `## ${who}, ${minuteOf(timestamp)}${cut}\n\n${content.trim()}`;
    });
  const about = `${session.displayId}, started ${minuteOf(session.createdAt)}`;
  const text = [`# ${session.title}`, about, ...parts].join("\n\n");
  return { name: fileName(session, "md"), type: "text/markdown", text: `${text}\n` };
}

/** For programs: everything that is known of each message. Times are ISO 8601 in UTC. */
export function asJson({ session, messages }: WholeChat): ExportedFile {
  const chat = {
    format: "parley.chat",
    version: 1,
    displayId: session.displayId,
    title: session.title,
    createdAt: isoOf(session.createdAt),
    updatedAt: isoOf(session.updatedAt),
    messages: messages.map((message) => ({
      role: message.role,
      content: message.content,
      status: message.status,
      at: isoOf(message.timestamp),
      model: message.model,
      tokens: message.tokens,
      creditsUsed: message.creditsUsed,
      error: message.error?.code ?? null,
    })),
  };
  return {
    name: fileName(session, "json"),
    type: "application/json",
    text: `${JSON.stringify(chat, null, 2)}\n`,
  };
}

/** `CH-000042 Tides, explained.md`, without what a file system refuses. */
function fileName({ displayId, title }: Session, extension: string): string {
  const words = title
    // oxlint-disable-next-line no-control-regex -- a title may hold anything
    .replace(/[\u0000-\u001F<>:"/\\|?*\u007F]+/g, " ")
    .replace(/\s+/g, " ")
    .slice(0, 80)
    .replace(/[. ]+$/, "");
  return `${displayId} ${words}`.trim() + `.${extension}`;
}

function isoOf(time: number): string {
  return new Date(time).toISOString();
}

/** `2026-11-21 09:30`, by the reader's own clock. */
function minuteOf(time: number): string {
  const date = new Date(time);
  const two = (part: number) => String(part).padStart(2, "0");
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join("-");
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}
