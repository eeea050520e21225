import type { RefObject } from "react";
import { announce } from "../../lib/announce";
import { useCommand } from "../../lib/commands";
import { copyText } from "../../lib/copy-text";
import { showToast } from "../../lib/toast";
import { isRunning } from "./message";
import type { AnswerRow, ThreadRow } from "./thread/thread-rows";

/** What of the open chat can be done from the keyboard and from the palette. */
export function useChatCommands(
  field: RefObject<HTMLTextAreaElement | null>,
  rows: readonly ThreadRow[],
  stop: (messageId: NonNullable<AnswerRow["message"]>["_id"]) => unknown,
) {
  const last = rows.findLast((row) => row.kind === "answer");
  const answer = last?.message ?? null;
  const runs = answer !== null && isRunning(answer);
  const text = last === undefined || runs ? "" : last.before + (answer?.content ?? "");

  useCommand("focus-composer", () => field.current?.focus());
  useCommand("stop", runs ? () => void stop(answer._id) : null);
  useCommand("copy-answer", text === "" ? null : () => void copy(text));
}

async function copy(text: string) {
  if (!(await copyText(text))) return;
  announce("Answer copied.");
  void showToast("success", "Answer copied", { duration: 2_000 });
}
