import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConvexHttpClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Deployment, startDeployment } from "../deployment.ts";
import { CliProject } from "../push/cli-project.ts";
import { backUp, restore } from "./commands.ts";

const COUNTER = `
  import { query, mutation, action } from "./_generated/server";
  import { v } from "convex/values";
  export const add = mutation({
    args: { at: v.number() },
    handler: async (ctx, { at }) => {
      const counter = await ctx.db.query("counter").first();
      if (counter) await ctx.db.patch(counter._id, { count: counter.count + 1 });
      else await ctx.db.insert("counter", { count: 1 });
      await ctx.db.insert("entries", { at, padding: "x".repeat(2000) });
    },
  });
  export const state = query({
    args: {},
    handler: async (ctx) => ({
      count: (await ctx.db.query("counter").first())?.count ?? 0,
      entries: (await ctx.db.query("entries").collect()).map(({ at }) => at),
      files: await Promise.all(
        (await ctx.db.system.query("_storage").collect()).map(({ _id }) => ctx.storage.getUrl(_id)),
      ),
    }),
  });
  export const keep = action({
    args: {},
    handler: async (ctx) => void (await ctx.storage.store(new Blob(["kept"]))),
  });
`;

interface State {
  count: number;
  entries: number[];
  files: string[];
}

let folder: string;
let deployment: Deployment;
let project: CliProject;

const start = (dataDir: string) =>
  startDeployment({ dataDir, host: "127.0.0.1", port: 0, sitePort: 0 });
const client = ({ url }: Deployment) => new ConvexHttpClient(url, { logger: false });
const add = (at: number) =>
  client(deployment).mutation(makeFunctionReference<"mutation">("counter:add"), { at });
const stateOf = async (of: Deployment): Promise<State> =>
  (await client(of).query(makeFunctionReference<"query">("counter:state"))) as State;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "parley-backup-"));
  deployment = await start(join(folder, "data"));
  project = new CliProject(deployment);
  project.write("convex/counter.ts", COUNTER);
  await project.push();
}, 60_000);

afterAll(async () => {
  await project.dispose();
  await deployment.close();
  rmSync(folder, { recursive: true });
});

async function restored<T>(backup: string, name: string, look: (of: Deployment) => Promise<T>) {
  const dataDir = join(folder, name);
  await restore(backup, dataDir);
  const again = await start(dataDir);
  try {
    return await look(again);
  } finally {
    await again.close();
  }
}

test("a backup made while writes go on holds all that was acknowledged before, and no half of any", async () => {
  await client(deployment).action(makeFunctionReference<"action">("counter:keep"));
  for (let at = 0; at < 50; at++) await add(at);
  const over = new AbortController();
  let written = 50;
  const writing = (async () => {
    while (!over.signal.aborted)
      await Promise.all([add(written++), add(written++), add(written++)]);
  })();
  const backup = join(folder, "online.zip");
  await backUp(join(folder, "data"), backup);
  over.abort();
  await writing;
  expect(statSync(backup).mode & 0o077).toBe(0);
  expect(readdirSync(join(folder, "data"))).not.toContain("backup.sqlite");

  await restored(backup, "online", async (again) => {
    const state = await stateOf(again);
    expect(state.count).toBe(state.entries.length);
    expect(state.entries.slice(0, 50)).toEqual([...Array(50).keys()]);
    expect(state.entries.length).toBeLessThan(written);
    expect(state.files).toHaveLength(1);
    expect(await (await fetch(state.files[0]!)).text()).toBe("kept");
    await client(again).mutation(makeFunctionReference<"mutation">("counter:add"), { at: -1 });
    expect((await stateOf(again)).count).toBe(state.count + 1);
    expect(again.adminKey).toBe(deployment.adminKey);
  });
  expect((await stateOf(deployment)).count).toBe(written);
});

test("a folder that nobody serves, or whose process was killed, is backed up too", async () => {
  await add(1_000);
  const wanted = await stateOf(deployment);
  // As a killed process leaves it.
  const killed = join(folder, "killed");
  cpSync(join(folder, "data"), killed, { recursive: true });
  writeFileSync(join(killed, "address"), "http://127.0.0.1:9");
  await deployment.close();
  for (const data of ["data", "killed"]) {
    const backup = join(folder, `${data}.zip`);
    await backUp(join(folder, data), backup);
    const { count, entries } = await restored(backup, `${data}-again`, stateOf);
    expect({ count, entries }).toEqual({ count: wanted.count, entries: wanted.entries });
  }
  deployment = await start(join(folder, "data"));
});

test("nothing is overwritten, and what is no backup is refused", async () => {
  const data = join(folder, "data");
  const backup = join(folder, "data.zip");
  await expect(backUp(data, backup)).rejects.toThrow("exists already");
  await expect(backUp(join(folder, "nothing"), join(folder, "x.zip"))).rejects.toThrow("holds no");
  await expect(restore(backup, data)).rejects.toThrow("is not empty");
  const cut = join(folder, "cut.zip");
  writeFileSync(cut, readFileSync(backup).subarray(0, -100));
  await expect(restore(cut, join(folder, "new"))).rejects.toThrow("is no backup, or it was cut");
  const changed = readFileSync(backup);
  changed.fill(0, 2_000, 4_000);
  writeFileSync(cut, changed);
  await expect(restore(cut, join(folder, "new"))).rejects.toThrow("damaged");
  expect(readdirSync(folder)).not.toContain("new");
  expect(readdirSync(folder)).not.toContain("new.restoring");
});
