import type { ThreadResponse } from "./messages.ts";

/**
 * The answer to a request, from a thread.
 *
 * @param lost rejects when the thread ends, and so does the answer's body.
 */
export function responseOf(
  { status, statusText, headers, body }: ThreadResponse,
  lost: Promise<never>,
): Response {
  const pairs = headers.map(([name, value]): [string, string] => [name, value]);
  return new Response(body && untilLost(body, lost), { status, statusText, headers: pairs });
}

/** A thread that has ended can no longer say so itself. */
function untilLost(
  body: ReadableStream<Uint8Array>,
  lost: Promise<never>,
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await Promise.race([reader.read(), lost]);
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}
