import { useSyncExternalStore } from "react";
import { BrowserSetting } from "../../lib/browser-setting";

const setting = new BrowserSetting("parley:single-keys");

/** Whether shortcuts of one key without a modifier are on. On until the person turns them off. */
export function singleKeysAreOn(): boolean {
  return setting.read() !== "off";
}

function setSingleKeys(on: boolean) {
  setting.write(on ? null : "off");
}

/** The same as a setting, kept in this browser and shared by its tabs. */
export function useSingleKeys() {
  return [useSyncExternalStore(setting.subscribe, singleKeysAreOn), setSingleKeys] as const;
}
