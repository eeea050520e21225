/** A reason not to start that is told as one sentence, without a stack. */
export class StartError extends Error {}
