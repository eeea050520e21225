import { type ReactNode, useState } from "react";
import { Notice } from "../../components/notice";
import { errorSentence } from "../../lib/error-sentence";
import { showToast } from "../../lib/toast";

/** A form whose refusal stands below its fields. `done` is said when its outcome shows nowhere else. */
export function useSaving() {
  const [failure, setFailure] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  async function save(work: () => Promise<unknown>, done?: string): Promise<boolean> {
    setIsBusy(true);
    setFailure(null);
    try {
      await work();
      if (done !== undefined) await showToast("success", done);
      return true;
    } catch (error) {
      setFailure(errorSentence(error));
      return false;
    } finally {
      setIsBusy(false);
    }
  }
  const notice: ReactNode = failure === null ? null : <Notice announced>{failure}</Notice>;
  return { save, isBusy, notice };
}
