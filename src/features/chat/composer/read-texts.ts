import { ATTACHMENT_MAX_CHARACTERS } from "../../../../convex/chat/limits";
import { tooLong } from "./attachable";
import type { DraftAttachment } from "./drafts";

/** No text of the longest length has more bytes than this. */
const MAX_BYTES = 4 * ATTACHMENT_MAX_CHARACTERS;

/**
 * The texts of files, and a sentence for each file that has none to give. One that is certainly too
 * long is not read at all; nothing but the name and the text of the others is kept.
 */
export async function readTexts(
  files: readonly File[],
): Promise<{ readonly texts: DraftAttachment[]; readonly problems: string[] }> {
  const texts: DraftAttachment[] = [];
  const problems: string[] = [];
  for (const file of files) {
    const { name } = file;
    if (file.size > MAX_BYTES) {
      problems.push(tooLong(name));
      continue;
    }
    try {
      texts.push({ name, text: await file.text() });
    } catch {
      problems.push(`“${name}” could not be read. Choose it again.`);
    }
  }
  return { texts, problems };
}
