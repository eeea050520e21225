import type { Id } from "../../../../convex/_generated/dataModel";
import type { Message } from "../message";
import type { OutgoingMessage } from "../outbox";

/**
 * One line of the conversation. `key` is the row's place below what came before it. It stays the
 * same from the moment of sending to the finished answer, and for every version of a message, so
 * that nothing on the page is taken down and put up again.
 */
export type ThreadRow = QuestionRow | AnswerRow;

export interface QuestionRow {
  readonly kind: "question";
  readonly key: string;
  readonly text: string;
  readonly attachments: readonly ShownAttachment[];
  /** `null` until the server shows it. */
  readonly message: Message | null;
}

/** What a question names of a text that was sent with it. */
export interface ShownAttachment {
  /** `null` until the server has it. */
  readonly id: Id<"chatAttachments"> | null;
  readonly name: string;
  /** UTF-16 units. */
  readonly characters: number;
}

export interface AnswerRow {
  readonly kind: "answer";
  readonly key: string;
  /** What stands for the answer as a whole; `null` until the server has accepted the question. */
  readonly first: AnswerView | null;
  /** The text of all pieces but the last: an answer that was cut goes on in further pieces. */
  readonly before: string;
  /** The newest piece, which alone can be running. */
  readonly message: AnswerView | null;
}

/** What of an answer is shown. */
export type AnswerView = Pick<
  Message,
  | "_id"
  | "status"
  | "content"
  | "error"
  | "creditsUsed"
  | "tokens"
  | "timestamp"
  | "version"
  | "versionCount"
  | "feedback"
  | "model"
>;

/**
 * The conversation in reading order: the server's messages, then the one that is on its way, unless
 * the server's list has it already.
 *
 * @param newestFirst the pages of the server's list that are loaded, as they come.
 */
export function threadRows(
  newestFirst: readonly Message[],
  outgoing: OutgoingMessage | null,
): ThreadRow[] {
  const rows: ThreadRow[] = [];
  let above: Message | undefined;
  for (const message of newestFirst.toReversed()) {
    const last = rows.at(-1);
    if (message.role === "user") {
      const key = keyBelow(message.parentId);
      const { content: text, attachments } = message;
      rows.push({ kind: "question", key, text, attachments, message });
    } else if (last?.kind === "answer" && message.parentId === above?._id) {
      rows[rows.length - 1] = { ...last, before: last.before + above.content, message };
    } else {
      const key = last?.kind === "question" ? answerKey(last.key) : keyBelow(message.parentId);
      rows.push({ kind: "answer", key, first: message, before: "", message });
    }
    above = message;
  }
  if (outgoing === null || isListed(newestFirst, outgoing.clientKey)) return rows;
  return [...rows, ...outgoingRows(outgoing, keyBelow(above?._id ?? null))];
}

/** Whether the server's list shows what was sent under this key. */
export function isListed(newestFirst: readonly Message[], clientKey: string): boolean {
  return newestFirst.some((message) => message.clientKey === clientKey);
}

/** The index of the row that shows a message, or -1. An answer in pieces is known by its first and its last. */
export function rowOf(rows: readonly ThreadRow[], messageId: string): number {
  return rows.findIndex(
    (row) =>
      row.message?._id === messageId || (row.kind === "answer" && row.first?._id === messageId),
  );
}

/** The newest answer, which alone can be running or be continued. */
export function lastAnswer(rows: readonly ThreadRow[]): AnswerView | null {
  const last = rows.at(-1);
  return last?.kind === "answer" ? last.message : null;
}

function outgoingRows(outgoing: OutgoingMessage, key: string): ThreadRow[] {
  const { text } = outgoing;
  const attachments = outgoing.attachments.map((attachment) => ({
    id: null,
    name: attachment.name,
    characters: attachment.text.length,
  }));
  const answer =
    outgoing.state === "accepted" ? { ...UNBEGUN, _id: outgoing.answerId, timestamp: 0 } : null;
  return [
    { kind: "question", key, text, attachments, message: null },
    { kind: "answer", key: answerKey(key), first: answer, before: "", message: answer },
  ];
}

const UNBEGUN = {
  status: "pending",
  content: "",
  error: null,
  creditsUsed: 0,
  tokens: null,
  version: 1,
  versionCount: 1,
  feedback: null,
  model: null,
} as const;

function keyBelow(parentId: Message["parentId"]): string {
  return `below:${parentId ?? "root"}`;
}

function answerKey(questionKey: string): string {
  return `${questionKey}:answer`;
}
