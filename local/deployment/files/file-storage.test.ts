import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { FileStorage } from "./file-storage.ts";
import { UploadTokens } from "./upload-tokens.ts";

let folder: string;
let files: FileStorage;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "parley-files-"));
  files = new FileStorage(folder, () => "http://deployment", "secret");
});

afterEach(() => rmSync(folder, { recursive: true }));

async function* pieces(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

test("a file is kept with its size and checksum, however it arrives", async () => {
  const sha256 = createHash("sha256").update("one two").digest("hex");
  const streamed = await files.save(pieces("one", " two"));
  const whole = files.saveSync(Buffer.from("one two"));
  for (const saved of [streamed, whole]) {
    expect(saved).toMatchObject({ sha256, size: 7 });
    expect(Buffer.from((await files.read(saved.uuid))!).toString()).toBe("one two");
    expect(Buffer.from(files.readSync(saved.uuid)!).toString()).toBe("one two");
  }
  expect(streamed.uuid).not.toBe(whole.uuid);
});

test("an upload that breaks off leaves nothing", async () => {
  async function* broken() {
    yield Buffer.from("half");
    throw new Error("hung up");
  }
  await expect(files.save(broken())).rejects.toThrow("hung up");
  expect(readdirSync(folder)).toEqual([]);
});

test("no name but a uuid reaches the disk", () => {
  for (const name of ["../secret", "", "..", "a/b", `${crypto.randomUUID()}/x`]) {
    expect(() => files.path(name)).toThrow(TypeError);
  }
});

test("sweeping removes old files that nobody knows, and those alone", () => {
  const [known, unknown] = [files.saveSync(Buffer.from("a")), files.saveSync(Buffer.from("b"))];
  const isKnown = (uuid: string) => uuid === known.uuid;
  files.sweep(isKnown, 60_000);
  expect(files.readSync(unknown.uuid)).not.toBeNull();
  files.sweep(isKnown, -1);
  expect(files.readSync(unknown.uuid)).toBeNull();
  expect(files.readSync(known.uuid)).not.toBeNull();
});

test("an upload token is good for an hour, and only as it was given", () => {
  const tokens = new UploadTokens("secret");
  const token = tokens.issue(1_000);
  const hour = 60 * 60 * 1000;
  expect(tokens.isValid(token, hour)).toBe(true);
  expect(tokens.isValid(token, hour + 1_001)).toBe(false);
  expect(tokens.isValid(token.replace(/^./, "9"), 1_000)).toBe(false);
  expect(new UploadTokens("other").isValid(token, 1_000)).toBe(false);
  for (const forged of ["", ".", "..", "zzzz"]) expect(tokens.isValid(forged, 0)).toBe(false);
});
