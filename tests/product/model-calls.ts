/** A call as the demonstration model remembers it; its README describes the fields. */
export interface ModelCall {
  readonly id: string;
  readonly state: "running" | "finished" | "aborted" | "failed";
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly text: string;
  readonly tokens: readonly string[];
  /** Milliseconds since 1970, one for each token. */
  readonly sentAt: readonly number[];
  readonly startedAt: number;
}

/** The calls whose newest question is `question`, oldest first. */
export async function modelCalls(modelsUrl: string, question: string): Promise<ModelCall[]> {
  const response = await fetch(
    `${modelsUrl}/control/calls?contains=${encodeURIComponent(question)}`,
  );
  const calls = (await response.json()) as ModelCall[];
  return calls.filter(({ messages }) => messages.at(-1)?.content === question);
}

/** @throws Error when there is not exactly one. */
export async function onlyCall(modelsUrl: string, question: string): Promise<ModelCall> {
  const calls = await modelCalls(modelsUrl, question);
  const [call] = calls;
  if (!call || calls.length > 1) throw new Error(`${calls.length} calls asked "${question}"`);
  return call;
}
