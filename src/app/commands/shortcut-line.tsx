import { useId } from "react";
import { Pencil } from "@/components/icons";
import { Button } from "../../components/button";
import { Notice } from "../../components/notice";
import { type CommandId, COMMANDS } from "../../lib/commands";
import type { Bindings } from "./bindings";
import { Keys } from "./keys";
import { useRecording } from "./use-recording";

/** A command with its keys, and the button that changes them. */
export function ShortcutLine({
  id,
  bindings,
  singleKeys,
}: {
  readonly id: CommandId;
  readonly bindings: Bindings;
  /** Whether shortcuts of one key are on. */
  readonly singleKeys: boolean;
}) {
  const { label, single } = COMMANDS[id];
  const binding = bindings[id];
  const { button, isRecording, refusal, start, cancel } = useRecording(id, bindings);
  const name = `Change keys for ${label}`;
  const refusalId = useId();
  return (
    <div className="flex min-h-10 flex-wrap items-center gap-x-3 pointer-coarse:min-h-11">
      <dt className="min-w-0 flex-1">{label}</dt>
      <dd className="flex items-center gap-2 text-[13px] text-ink-2">
        {isRecording && <span className="text-accent-text">Press the new keys…</span>}
        {!isRecording && single !== null && singleKeys && (
          <>
            <Keys binding={single} /> or
          </>
        )}
        {!isRecording && binding !== null && <Keys binding={binding} />}
        <Button
          ref={button}
          kind="bare"
          size="icon-small"
          aria-label={name}
          title={name}
          aria-describedby={refusal === null ? undefined : refusalId}
          onClick={isRecording ? cancel : start}
        >
          <Pencil size={15} strokeWidth={1.75} aria-hidden="true" />
        </Button>
      </dd>
      {refusal !== null && (
        <dd id={refusalId} className="basis-full pb-2">
          <Notice>{refusal}</Notice>
        </dd>
      )}
    </div>
  );
}
