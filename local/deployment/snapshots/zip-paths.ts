/** Where things lie in the ZIP file of a snapshot, as Convex lays it out. Pure. */

export const TABLES = "_tables";
export const STORAGE = "_storage";

/** What an entry of the ZIP file holds. */
export type ZipContent =
  | { readonly kind: "documents"; readonly component: string; readonly table: string }
  | { readonly kind: "file"; readonly component: string; readonly id: string };

/** The folder of a component in the ZIP file: "" for the app, `_components/a/_components/b/`. */
export function componentFolder(component: string): string {
  if (component === "") return "";
  return component
    .split("/")
    .map((name) => `_components/${name}/`)
    .join("");
}

/** What lies under a path; null for what an import does not read. The ZIP file may have a folder around all. */
export function contentAt(path: string): ZipContent | null {
  const documents = /^(.*\/)?([^/]+)\/documents\.jsonl$/.exec(path);
  if (documents) {
    return { kind: "documents", component: componentIn(documents[1]), table: documents[2]! };
  }
  const file = /^(.*\/)?_storage\/([^/.]+)(?:\.[^/]+)?$/.exec(path);
  if (file?.[2] === "documents") return null;
  return file && { kind: "file", component: componentIn(file[1]), id: file[2]! };
}

function componentIn(folder = ""): string {
  const names: string[] = [];
  let rest = folder;
  for (;;) {
    const found = /^(.*\/)?_components\/([^/]+)\/$/.exec(rest);
    if (!found) return names.toReversed().join("/");
    names.push(found[2]!);
    rest = found[1] ?? "";
  }
}
