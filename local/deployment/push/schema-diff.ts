interface SchemaIndexes {
  readonly tables: readonly {
    readonly tableName: string;
    readonly indexes: readonly { readonly indexDescriptor: string; readonly fields: string[] }[];
    readonly searchIndexes?: readonly {
      readonly indexDescriptor: string;
      readonly searchField: string;
      readonly filterFields: string[];
    }[];
    readonly vectorIndexes?: readonly {
      readonly indexDescriptor: string;
      readonly vectorField: string;
      readonly dimensions: number;
      readonly filterFields: string[];
    }[];
  }[];
}

/** What the CLI prints of an index. */
type IndexConfig = { readonly name: string; readonly type: string };

export interface IndexDiff {
  readonly added_indexes: IndexConfig[];
  readonly removed_indexes: IndexConfig[];
}

/** Which indexes come and go between two schemas (JSON text; null for none). */
export function indexDiff(before: string | null, after: string | null): IndexDiff {
  const old = indexesOf(before);
  const next = indexesOf(after);
  return {
    added_indexes: [...next].filter(([key]) => !old.has(key)).map(([, index]) => index),
    removed_indexes: [...old].filter(([key]) => !next.has(key)).map(([, index]) => index),
  };
}

function indexesOf(schema: string | null): Map<string, IndexConfig> {
  const { tables } = schema === null ? { tables: [] } : (JSON.parse(schema) as SchemaIndexes);
  const indexes = tables.flatMap((table) => [
    ...table.indexes.map((index) => config(table.tableName, "database", index)),
    ...(table.searchIndexes ?? []).map((index) => config(table.tableName, "search", index)),
    ...(table.vectorIndexes ?? []).map((index) => config(table.tableName, "vector", index)),
  ]);
  return new Map(indexes.map((index) => [JSON.stringify(index), index]));
}

function config(
  tableName: string,
  type: string,
  { indexDescriptor, ...index }: { readonly indexDescriptor: string },
): IndexConfig {
  return { name: `${tableName}.${indexDescriptor}`, type, ...index };
}
