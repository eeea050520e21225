import { randomUUID } from "node:crypto";
import type { Owner } from "./owner.ts";

interface Spec {
  readonly identifier?: string;
  readonly functionType: "Query" | "Mutation" | "Action" | "HttpAction";
  readonly visibility?: { readonly kind: "public" | "internal" };
  readonly args?: Shape;
}

export interface DeployedFunction {
  readonly path: string;
  readonly kind: "query" | "mutation" | "action";
  readonly isPublic: boolean;
  readonly args: Shape;
}

/** The deployment's own list of what it runs, as `npx convex function-spec` reads it. */
export async function listFunctions(owner: Owner): Promise<DeployedFunction[]> {
  const spec = (await owner.call("query", "_system/cli/modules:apiSpec", {})) as Spec[];
  return spec.flatMap(({ identifier, functionType, visibility, args = { type: "any" } }) => {
    if (identifier === undefined || functionType === "HttpAction") return [];
    const kind = functionType.toLowerCase() as DeployedFunction["kind"];
    const path = identifier.replace(".js:", ":");
    return [{ path, kind, isPublic: visibility?.kind === "public", args }];
  });
}

/** A validator as the deployment tells it. */
interface Shape {
  readonly type: string;
  readonly value?: unknown;
  readonly tableName?: string;
}

/** A value of that shape, generous wherever a number or a choice is asked for. */
export function sample(shape: Shape, ids: Readonly<Record<string, string>>, seed = 0): unknown {
  switch (shape.type) {
    case "object": {
      const fields = Object.entries(shape.value as Record<string, { fieldType: Shape }>);
      return Object.fromEntries(
        fields.map(([name, { fieldType }]) => [name, sample(fieldType, ids, seed)]),
      );
    }
    case "union": {
      const choices = shape.value as Shape[];
      const choice = choices[seed % choices.length];
      return choice === undefined ? null : sample(choice, ids, seed);
    }
    case "array":
      return [sample(shape.value as Shape, ids, seed)];
    case "id":
      return ids[shape.tableName ?? ""] ?? "none";
    case "literal":
      return shape.value;
    case "number":
      return 1_000_000;
    case "boolean":
      return seed === 0;
    case "string":
      return seed === 0 ? "pack-5000" : randomUUID();
    case "null":
      return null;
    default:
      return {};
  }
}
