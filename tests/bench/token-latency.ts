/** What a viewer had seen of an answer at one moment. */
export interface Sample {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Characters, blanks not counted: markdown moves those about. */
  readonly length: number;
}

/** What the model sent: token by token, and when. */
export interface SentTokens {
  readonly tokens: readonly string[];
  /** Milliseconds since 1970, one for each token. */
  readonly sentAt: readonly number[];
}

/** A text as samples count it: without blanks and without the marks of headings. */
export function countedText(markdown: string): string {
  return markdown.replaceAll(/^#+(?= |$)/gm, "").replaceAll(/\s+/g, "");
}

/**
 * How long after it left the model each token was seen, in milliseconds, in order. Tokens that show
 * nothing of their own (blanks, marks of headings) have no latency.
 * @throws Error when a token was never seen.
 */
export function tokenLatencies(
  { tokens, sentAt }: SentTokens,
  samples: readonly Sample[],
): number[] {
  const latencies: number[] = [];
  let sampleIndex = 0;
  let length = 0;
  tokens.forEach((token, index) => {
    const counted = countedText(token).length;
    if (counted === 0) return;
    length += counted;
    while ((samples[sampleIndex]?.length ?? Infinity) < length) sampleIndex += 1;
    const sample = samples[sampleIndex];
    if (!sample) throw new Error(`Token ${index} of ${tokens.length} was never seen.`);
    latencies.push(sample.at - (sentAt[index] ?? NaN));
  });
  return latencies;
}
