import { firstLoad } from "./chat-first-load.ts";
import { lighthouseScores } from "./chat-lighthouse.ts";
import { longChat } from "./chat-long.ts";
import { twentyPages } from "./chat-twenty-pages.ts";
import type { Figure } from "./report.ts";
import type { Setting } from "./setting.ts";

/** What the chat page promises: long chats beside an empty one, many pages at once, the first load. */
export async function chat(setting: Setting): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const measure of [firstLoad, longChat, twentyPages, lighthouseScores]) {
    figures.push(...(await measure(setting)));
  }
  return figures;
}
