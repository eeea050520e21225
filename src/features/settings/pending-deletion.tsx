import { useMutation } from "convex/react";
import { api } from "../../../convex/_generated/api";
import { Button } from "../../components/button";
import { Notice } from "../../components/notice";
import { momentOf } from "../../lib/moments";
import { useSettings } from "../../lib/use-settings";
import { useSaving } from "./use-saving";

/** Above every page while the account waits for its deletion: when it goes, and the way back. */
export function PendingDeletion() {
  const at = useSettings()?.deletionAt ?? null;
  const cancelDeletion = useMutation(api.account.deletion.cancelDeletion);
  const { save, isBusy, notice } = useSaving();
  if (at === null) return null;
  return (
    <section
      aria-label="Account deletion"
      className="flex flex-none flex-col gap-2 border-b border-line px-4 py-2.5"
    >
      <Notice
        action={
          <Button
            size="small"
            disabled={isBusy}
            onClick={() => void save(() => cancelDeletion({}), "Your account stays.")}
          >
            Keep my account
          </Button>
        }
      >
        Your account will be deleted on {momentOf(at)}, with everything in it.
      </Notice>
      {notice}
    </section>
  );
}
