import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

const LOOP_MS = 1_000;

/** One-row transactions a second of a bare loop over `node:sqlite`, each with its own disk sync. */
export function bareTransactionsPerSecond(folder: string): number {
  const sqlite = new DatabaseSync(join(folder, "bare.sqlite"));
  sqlite.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    CREATE TABLE IF NOT EXISTS entries (id INTEGER PRIMARY KEY, client TEXT, sequence INTEGER) STRICT;
  `);
  const insert = sqlite.prepare("INSERT INTO entries (client, sequence) VALUES (?, ?)");
  const startedAt = performance.now();
  let count = 0;
  while (performance.now() - startedAt < LOOP_MS) insert.run("bare", count++);
  const seconds = (performance.now() - startedAt) / 1000;
  sqlite.close();
  return count / seconds;
}

/** A WebSocket server that does nothing, in a process of its own. */
export interface BareServer {
  readonly pid: number;
  readonly url: string;
  stop(): Promise<void>;
}

export async function startBareServer(): Promise<BareServer> {
  const child = fork(join(import.meta.dirname, "bare-socket-server.ts"), {
    execArgv: ["--disable-warning=ExperimentalWarning"],
  });
  const [port] = (await once(child, "message")) as [number];
  return {
    pid: child.pid ?? 0,
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      const gone = once(child, "exit");
      child.kill();
      await gone;
    },
  };
}
