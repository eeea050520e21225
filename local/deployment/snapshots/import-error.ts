/** Why a file cannot be imported, in a sentence for the one who imports it. */
export class ImportError extends Error {
  override readonly name = "ImportError";
}
