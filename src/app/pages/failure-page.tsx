import { Button } from "../../components/button";
import { errorSentence } from "../../lib/error-sentence";
import { PlainPage } from "./plain-page";

/** Shown where a page broke. What was typed is kept in this browser and is there after a reload. */
export function FailurePage({
  error,
  onRetry,
}: {
  readonly error: unknown;
  readonly onRetry: () => void;
}) {
  return (
    <PlainPage
      title="That did not work."
      action={
        <>
          <Button kind="primary" onClick={onRetry}>
            Show it again
          </Button>
          <Button onClick={() => window.location.reload()}>Reload the page</Button>
        </>
      }
    >
      <p role="alert">{errorSentence(error)}</p>
    </PlainPage>
  );
}
