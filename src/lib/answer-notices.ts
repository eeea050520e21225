import { useSyncExternalStore } from "react";
import { BrowserSetting } from "./browser-setting";

const setting = new BrowserSetting("parley:notify");

/** Off until the person turns it on, and whenever the browser has taken its permission back. */
function areOn(): boolean {
  return (
    setting.read() === "on" && "Notification" in window && Notification.permission === "granted"
  );
}

/** Whether this browser is to tell of answers that end while nobody looks, in all of its tabs. */
export function useAnswerNotices(): boolean {
  return useSyncExternalStore(setting.subscribe, areOn);
}

/**
 * Turns them on, with a first one that says so. To be called on a click, since the browser may ask.
 *
 * @returns `null`, or the sentence that says why it cannot be
 */
export async function turnNoticesOn(): Promise<string | null> {
  if (!("Notification" in window)) return "This browser cannot show notifications.";
  const permission = await Notification.requestPermission().catch(() => "denied");
  if (permission !== "granted") {
    return "This browser does not let Parley notify you. Allow it in the browser’s settings for this site, then try again.";
  }
  if (notify("You will be told here when an answer is done", "on") === null) {
    return "This browser shows no notifications of a page, only of an app that is installed.";
  }
  setting.write("on");
  return null;
}

export function turnNoticesOff() {
  setting.write(null);
}

/**
 * Shows a notification, or gives `null` where a page may not.
 *
 * @param tag one of those with the same tag is shown, whichever tab it comes from
 */
export function notify(title: string, tag: string, body = ""): Notification | null {
  try {
    return new Notification(title, { body, tag: `parley ${tag}` });
  } catch {
    // Browsers of phones have the class, and refuse to make one.
    return null;
  }
}
