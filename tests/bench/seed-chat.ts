import { execFile } from "node:child_process";
import { copyFileSync, cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { ConvexHttpClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";

const root = join(import.meta.dirname, "..", "..");
const addTurns = makeFunctionReference<"mutation">("benchSeed:addTurns");
const TURNS_A_CALL = 100;

export interface Turn {
  readonly question: string;
  readonly answer: string;
}

interface Deployment {
  readonly convexUrl: string;
  readonly dataDir: string;
}

/**
 * Pushes the product's functions once more, with one that seeds chats beside them, and returns what
 * calls it. Through the front door a chat of thousands of messages would take longer to write than
 * all measures together.
 */
export async function seeder({ convexUrl, dataDir }: Deployment) {
  const adminKey = readFileSync(join(dataDir, "deployment", "admin-key"), "utf8").trim();
  const project = mkdtempSync(join(root, "node_modules", ".bench-"));
  try {
    cpSync(join(root, "convex"), join(project, "convex"), {
      recursive: true,
      filter: (path) => !path.includes(".test."),
    });
    const seed = fileURLToPath(new URL("./seed/benchSeed.js", import.meta.url));
    copyFileSync(seed, join(project, "convex", "benchSeed.js"));
    for (const name of ["package.json", "tsconfig.json"])
      symlinkSync(join(root, name), join(project, name));
    await promisify(execFile)(
      process.execPath,
      [
        join(root, "node_modules", "convex", "bin", "main.js"),
        ...["deploy", "--yes", "--typecheck", "disable", "--codegen", "disable"],
      ],
      {
        cwd: project,
        env: {
          ...process.env,
          CONVEX_SELF_HOSTED_URL: convexUrl,
          CONVEX_SELF_HOSTED_ADMIN_KEY: adminKey,
        },
      },
    );
  } finally {
    rmSync(project, { recursive: true, force: true });
  }
  const client = new ConvexHttpClient(convexUrl);
  (client as unknown as { setAdminAuth: (key: string) => void }).setAdminAuth(adminKey);
  return async (sessionId: string, turns: readonly Turn[]): Promise<void> => {
    for (let from = 0; from < turns.length; from += TURNS_A_CALL) {
      await client.mutation(addTurns, { sessionId, turns: turns.slice(from, from + TURNS_A_CALL) });
    }
  };
}
