import type { FunctionOutcome } from "../functions/call.ts";
import { encodeTimestamp } from "../values/timestamp.ts";

/**
 * The texts that go to a client. They are put together from parts that are JSON already: the value
 * of a query is serialised once, however many sockets and transitions carry it.
 */

/** A version of what a client knows, already in its wire form. */
export function versionText(querySet: number, identity: number, ts: bigint): string {
  return `{"querySet":${querySet},"identity":${identity},"ts":"${encodeTimestamp(ts)}"}`;
}

/** @param clientClockSkewMs sent only where the client uses it: with a new identity. */
export function transitionText(
  startVersion: string,
  endVersion: string,
  modifications: readonly string[],
  clientClockSkewMs: number | null,
): string {
  const skew = clientClockSkewMs === null ? "" : `,"clientClockSkew":${clientClockSkewMs}`;
  return (
    `{"type":"Transition","startVersion":${startVersion},"endVersion":${endVersion},` +
    `"modifications":[${modifications.join(",")}]${skew}}`
  );
}

/** A query's new result; `tail` comes from {@link resultTail}. */
export function queryResultText(queryId: number, tail: string): string {
  return `{"queryId":${queryId},${tail}`;
}

export function queryRemovedText(queryId: number): string {
  return `{"type":"QueryRemoved","queryId":${queryId}}`;
}

/** All of a query's result but its id, so that every socket can share the text. */
export function resultTail(outcome: FunctionOutcome, journal: string | null): string {
  const rest = `"logLines":${JSON.stringify(outcome.logLines)},"journal":${JSON.stringify(journal)}}`;
  if (outcome.ok) return `"type":"QueryUpdated","value":${outcome.value},${rest}`;
  const { message, data } = outcome.error;
  const errorData = data === undefined ? "" : `"errorData":${JSON.stringify(data)},`;
  return `"type":"QueryFailed","errorMessage":${JSON.stringify(message)},${errorData}${rest}`;
}

export function responseText(
  type: "MutationResponse" | "ActionResponse",
  requestId: number,
  outcome: FunctionOutcome,
  ts: bigint | null,
): string {
  const head = `{"type":"${type}","requestId":${requestId},"success":${outcome.ok}`;
  const logLines = `"logLines":${JSON.stringify(outcome.logLines)}`;
  if (outcome.ok) {
    const time = ts === null ? "" : `"ts":"${encodeTimestamp(ts)}",`;
    return `${head},"result":${outcome.value},${time}${logLines}}`;
  }
  const { message, data } = outcome.error;
  const errorData = data === undefined ? "" : `,"errorData":${JSON.stringify(data)}`;
  return `${head},"result":${JSON.stringify(message)},${logLines}${errorData}}`;
}

export function authErrorText(
  error: string,
  baseVersion: number,
  authUpdateAttempted: boolean,
): string {
  return JSON.stringify({ type: "AuthError", error, baseVersion, authUpdateAttempted });
}

export function fatalErrorText(error: string): string {
  return JSON.stringify({ type: "FatalError", error });
}

export const PING_TEXT = '{"type":"Ping"}';

/**
 * A transition too long for one frame, cut into TransitionChunk frames that must follow each other
 * with nothing between.
 *
 * @param chunkLength in UTF-16 units; a surrogate pair is never cut apart.
 */
export function chunkTexts(transition: string, chunkLength: number): string[] {
  const chunks: string[] = [];
  for (let start = 0; start < transition.length;) {
    let end = Math.min(start + chunkLength, transition.length);
    if (end < transition.length && isHighSurrogate(transition.charCodeAt(end - 1))) end++;
    chunks.push(transition.slice(start, end));
    start = end;
  }
  const transitionId = String(transition.length);
  const totalParts = chunks.length;
  return chunks.map((chunk, partNumber) =>
    JSON.stringify({ type: "TransitionChunk", chunk, partNumber, totalParts, transitionId }),
  );
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
