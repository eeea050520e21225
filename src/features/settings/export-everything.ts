import type { ConvexReactClient } from "convex/react";
import { api } from "../../../convex/_generated/api";

/** Rows asked for at once. The server gives fewer where they are long. */
const ROWS_A_PAGE = 1000;

/**
 * Collects everything that is kept of the person and hands it over as one file. It is put together
 * here, table by table, so that no copy of it lies on the server.
 */
export async function exportEverything(convex: ConvexReactClient): Promise<void> {
  const settings = await convex.query(api.account.settings.getSettings, {});
  const data: Record<string, unknown[]> = {};
  for (const table of await convex.query(api.account.dataExport.exportedTables, {})) {
    data[table] = await rowsOf(convex, table);
  }
  const { email, name } = settings;
  const file = { exportedAt: new Date().toISOString(), email, name, data };
  download(`parley-${file.exportedAt.slice(0, 10)}.json`, JSON.stringify(file, null, 2));
}

async function rowsOf(convex: ConvexReactClient, table: string): Promise<unknown[]> {
  const rows: unknown[] = [];
  let cursor: string | null = null;
  for (;;) {
    const page: { rows: unknown[]; isDone: boolean; continueCursor: string } = await convex.query(
      api.account.dataExport.exportPage,
      { table, paginationOpts: { numItems: ROWS_A_PAGE, cursor } },
    );
    rows.push(...page.rows);
    if (page.isDone) return rows;
    cursor = page.continueCursor;
  }
}

function download(name: string, json: string): void {
  const address = URL.createObjectURL(new Blob([json], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
