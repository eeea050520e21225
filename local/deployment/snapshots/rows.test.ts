import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type ImportRow, parseCsv, readJsonLines, readTable, type TableFormat } from "./rows.ts";
import { componentFolder, contentAt } from "./zip-paths.ts";

async function all(rows: AsyncIterable<ImportRow>): Promise<ImportRow[]> {
  const read: ImportRow[] = [];
  for await (const row of rows) read.push(row);
  return read;
}

async function valuesOf(format: TableFormat, text: string | Uint8Array): Promise<unknown[]> {
  const folder = mkdtempSync(join(tmpdir(), "parley-rows-"));
  try {
    const path = join(folder, "file");
    writeFileSync(path, text);
    const rows = await all(readTable(format, path));
    return rows.map(({ value }) => value);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("lines of JSON are read however they are cut up", async () => {
  const values = [{ a: "é", b: [1] }, { c: "\n" }, {}];
  const bytes = Buffer.from(values.map((value) => JSON.stringify(value)).join("\n"));
  const pieces = Array.from(bytes, (byte) => Buffer.from([byte]));
  const rows = await all(readJsonLines(Readable.from(pieces)));
  expect(rows).toEqual(values.map((value, at) => ({ line: at + 1, value })));
});

test("an array of JSON is read", async () => {
  expect(await valuesOf("jsonArray", '[{"a":1},{"b":2}]')).toEqual([{ a: 1 }, { b: 2 }]);
});

test("cells of CSV are numbers where they can be, else text", async () => {
  const text = 'name, size \r\n"a ""b"", c",1.5\r\nplain,1e3x\n,-2\n';
  expect(await valuesOf("csv", text)).toEqual([
    { name: 'a "b", c', size: 1.5 },
    { name: "plain", size: "1e3x" },
    { name: "", size: -2 },
  ]);
});

test("CSV gives back any cells that were quoted", () => {
  const cell = fc.string({ unit: fc.constantFrom('"', ",", "\n", "\r\n", "a", " ") });
  const records = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { maxLength: 5 });
  fc.assert(
    fc.property(records, (wanted) => {
      const text = wanted
        .map((record) => record.map((one) => `"${one.replaceAll('"', '""')}"`).join(","))
        .join("\n");
      expect(parseCsv(text)).toEqual(wanted);
    }),
  );
});

test.each<[TableFormat, string | Uint8Array, string]>([
  ["jsonLines", '{"a":1}\n\n{"a":\n', "Row 3 wasn't valid JSON"],
  ["jsonLines", Buffer.from([0x22, 0xff, 0x22]), "Import wasn't valid UTF8"],
  ["jsonArray", '{"a":1}', "Not a JSON array"],
  ["jsonArray", "[", "Not valid JSON"],
  ["csv", "", "CSV file doesn't have headers"],
  ["csv", "a,b\n1\n", "CSV row 1 doesn't have all of the fields in the header"],
  ["csv", 'a\n"open\n', "Failed to parse CSV row 1"],
])("%s that is broken is refused: %j", async (format, text, message) => {
  await expect(valuesOf(format, text)).rejects.toThrow(message);
});

test("the ZIP file of an export tells tables, components and files by their paths", () => {
  expect(contentAt("notes/documents.jsonl")).toEqual({
    kind: "documents",
    component: "",
    table: "notes",
  });
  const inner = `${componentFolder("a/b")}notes/documents.jsonl`;
  expect(inner).toBe("_components/a/_components/b/notes/documents.jsonl");
  expect(contentAt(`snapshot/${inner}`)).toEqual({
    kind: "documents",
    component: "a/b",
    table: "notes",
  });
  expect(contentAt("_storage/kg2abc.png")).toEqual({ kind: "file", component: "", id: "kg2abc" });
  expect(contentAt("_storage/documents.jsonl")).toMatchObject({ table: "_storage" });
  expect(contentAt("README.md")).toBeNull();
  expect(contentAt("notes/generated_schema.jsonl")).toBeNull();
});
