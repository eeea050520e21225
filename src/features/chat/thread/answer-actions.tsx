import { RefreshCw, ThumbsDown, ThumbsUp } from "@/components/icons";
import { CopyButton } from "../../../components/copy-button";
import { IconButton } from "../../../components/icon-button";
import { AnswerCost } from "./answer-cost";
import type { Message } from "../message";
import { MessageTime } from "./message-time";
import type { AnswerRow, AnswerView } from "./thread-rows";
import type { TurnActions } from "./use-turns";
import { VersionSwitch } from "./version-switch";
import { WhatWasSent } from "./what-was-sent";

/** The quiet line below an answer that has ended: what can be done with it, and what it cost. */
export function AnswerActions({
  row,
  text,
  actions,
  isIdle,
}: {
  readonly row: AnswerRow & { readonly first: AnswerView; readonly message: AnswerView };
  /** The whole of it, as it is copied. */
  readonly text: string;
  readonly actions: TurnActions;
  /** No answer is being written in this chat. */
  readonly isIdle: boolean;
}) {
  const { first, message } = row;
  const { feedback } = message;
  const rate = (chosen: NonNullable<Message["feedback"]>) =>
    actions.rate(message._id, feedback === chosen ? null : chosen);
  return (
    <>
      <div className="flex items-center gap-0.5 pointer-coarse:gap-3.5">
        {text !== "" && <CopyButton text={text} what="message" />}
        <IconButton
          label="Regenerate"
          Icon={RefreshCw}
          disabled={!isIdle}
          onPress={() => actions.regenerate(first._id)}
        />
        {text !== "" && (
          <>
            <IconButton
              label="Good answer"
              Icon={ThumbsUp}
              isPressed={feedback === "up"}
              onPress={() => rate("up")}
            />
            <IconButton
              label="Poor answer"
              Icon={ThumbsDown}
              isPressed={feedback === "down"}
              onPress={() => rate("down")}
            />
          </>
        )}
        <WhatWasSent messageId={message._id} />
        <VersionSwitch
          version={first.version}
          versionCount={first.versionCount}
          disabled={!isIdle}
          onShow={(version) => actions.showVersion(first._id, version)}
        />
      </div>
      {/* Under a finger it stands in the gap below: what comes at a touch must not move what is touched. */}
      <span className="ml-auto pr-1 pl-2 pointer-coarse:absolute pointer-coarse:top-full pointer-coarse:right-0">
        <MessageTime timestamp={message.timestamp} />
      </span>
      <AnswerCost answer={message} />
    </>
  );
}
