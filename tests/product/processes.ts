import { execFileSync } from "node:child_process";

export interface Process {
  readonly pid: number;
  readonly command: string;
}

/** The processes that descend from `pid`, without it. */
export function descendantsOf(pid: number): Process[] {
  const table = execFileSync("ps", ["-A", "-o", "pid=,ppid=,args="], { encoding: "utf8" })
    .split("\n")
    .flatMap((line) => {
      const match = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line);
      return match
        ? [{ pid: Number(match[1]), parent: Number(match[2]), command: match[3] ?? "" }]
        : [];
    });
  const found: Process[] = [];
  const parents = new Set([pid]);
  // A child may stand before its parent in the table, so look until nothing is added.
  for (let before = 0; before !== parents.size;) {
    before = parents.size;
    for (const { pid, parent, command } of table) {
      if (!parents.has(parent) || parents.has(pid)) continue;
      parents.add(pid);
      found.push({ pid, command });
    }
  }
  return found;
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
