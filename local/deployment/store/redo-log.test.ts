import { constants, mkdtempSync, readFileSync, readdirSync, readlinkSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { RedoLog } from "./redo-log.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "redo-log-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

// A killed process loses nothing that the kernel has; that a record survives the loss of power shows here alone.
test.runIf(process.platform === "linux")("a record is on disk when its write returns", () => {
  const file = join(folder, "redo");
  const log = RedoLog.open(file);
  expect(openFlags(file) & constants.O_DSYNC).toBe(constants.O_DSYNC);
  log.close();
});

/** How this process has the file open. */
function openFlags(file: string): number {
  const descriptor = readdirSync("/proc/self/fd").find((each) => target(each) === file);
  const info = readFileSync(`/proc/self/fdinfo/${descriptor}`, "utf8");
  return parseInt(/^flags:\s*(\d+)$/m.exec(info)![1]!, 8);
}

function target(descriptor: string): string | null {
  try {
    return readlinkSync(`/proc/self/fd/${descriptor}`);
  } catch {
    // The one that listed the folder is closed by now.
    return null;
  }
}
