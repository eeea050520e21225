/** A backup that cannot be made or restored, in a sentence for the one who asked. */
export class BackupError extends Error {
  override readonly name = "BackupError";
}
