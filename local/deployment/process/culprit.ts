import { Session } from "node:inspector/promises";
import type { CallOrigin } from "../functions/overruns.ts";

/** A thread that computes is paused within a fraction of a second. */
const PATIENCE_MS = 3_000;
const EXPRESSION = `(globalThis.Convex ?? globalThis)[Symbol.for("convex.currentCall")]?.()`;

/**
 * The call that another thread of this process is computing right now, found by pausing it as a
 * debugger does; null when it cannot be told. The thread goes on afterwards.
 *
 * @param threadUrl the module that the thread was started with.
 */
export async function callBeingComputed(threadUrl: string): Promise<CallOrigin | null> {
  const session = new Session();
  session.connect();
  const { promise: tooLate, resolve } = Promise.withResolvers<null>();
  const timer = setTimeout(() => resolve(null), PATIENCE_MS);
  try {
    return await Promise.race([ask(session, threadUrl), tooLate]);
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
    session.disconnect();
  }
}

interface WorkerAnswer {
  readonly id?: number;
  readonly method?: string;
  readonly params?: { readonly callFrames: readonly { readonly callFrameId: string }[] };
  readonly result?: { readonly result?: { readonly value?: unknown } };
}

async function ask(session: Session, threadUrl: string): Promise<CallOrigin | null> {
  const attached = new Promise<string>((resolve) => {
    session.on("NodeWorker.attachedToWorker", ({ params }) => {
      if (params.workerInfo.url === threadUrl) resolve(params.sessionId);
    });
  });
  const waiting = new Map<number | string, (answer: WorkerAnswer) => void>();
  session.on("NodeWorker.receivedMessageFromWorker", ({ params }) => {
    const answer = JSON.parse(params.message) as WorkerAnswer;
    waiting.get(answer.id ?? answer.method ?? "")?.(answer);
  });
  const answerTo = (key: number | string) =>
    new Promise<WorkerAnswer>((resolve) => waiting.set(key, resolve));

  await session.post("NodeWorker.enable", { waitForDebuggerOnStart: false });
  const sessionId = await attached;
  let lastId = 0;
  const command = async (method: string, params: Record<string, unknown> = {}) => {
    const id = ++lastId;
    const answer = answerTo(id);
    const message = JSON.stringify({ id, method, params });
    await session.post("NodeWorker.sendMessageToWorker", { sessionId, message });
    return answer;
  };

  const paused = answerTo("Debugger.paused");
  await command("Debugger.enable");
  await command("Debugger.pause");
  const [frame] = (await paused).params?.callFrames ?? [];
  const found = await command("Debugger.evaluateOnCallFrame", {
    callFrameId: frame?.callFrameId,
    expression: EXPRESSION,
    returnByValue: true,
  });
  await command("Debugger.disable");
  return (found.result?.result?.value as CallOrigin | null | undefined) ?? null;
}
