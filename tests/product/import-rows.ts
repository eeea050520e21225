import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const root = join(import.meta.dirname, "..", "..");

/** Adds rows to a table with the official CLI: for amounts that nobody would type. */
export async function importRows(
  { convexUrl, dataDir }: { readonly convexUrl: string; readonly dataDir: string },
  table: string,
  rows: readonly object[],
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "parley-import-"));
  const file = join(folder, "rows.jsonl");
  writeFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  try {
    await promisify(execFile)(
      process.execPath,
      [
        join(root, "node_modules", "convex", "bin", "main.js"),
        ...["import", "--append", "--yes", "--table", table, file],
      ],
      {
        cwd: root,
        env: {
          ...process.env,
          CONVEX_SELF_HOSTED_URL: convexUrl,
          CONVEX_SELF_HOSTED_ADMIN_KEY: readFileSync(
            join(dataDir, "deployment", "admin-key"),
            "utf8",
          ).trim(),
        },
      },
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
