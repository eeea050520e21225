/**
 * The thread was ended because of another function, while this query or mutation ran in it or a
 * module was loaded. Nothing of it remains, and it can be done again.
 */
export class ThreadEnded extends Error {
  override readonly name = "ThreadEnded";
}

/** Does work again for as long as its thread is ended because of others. */
export async function untilDone<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ThreadEnded)) throw error;
    }
  }
}
