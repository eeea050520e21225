import { executionConsole } from "../environment/console.ts";
import { convexGlobal } from "../environment/convex-global.ts";
import { currentExecution, runIn } from "../environment/execution.ts";
import { importExecution } from "../environment/import-execution.ts";
import { serve } from "../threads/serve.ts";
import type { NodeModule } from "./modules.ts";

// Node's runtime: runs the functions of modules that begin with "use node".

adaptNode();
serve<NodeModule>({
  load: async ({ url, environment }) =>
    await runIn(
      importExecution(environment),
      () => import(url) as Promise<Record<string, unknown>>,
    ),
  environmentOf: ({ environment }) => environment,
  prepare: () => undefined,
});

/**
 * Inside an execution the realm shows the function's own variables and writes to its log, and never
 * the deployment's; everywhere else it stays as it was.
 */
function adaptNode(): void {
  Object.defineProperty(globalThis, "Convex", { value: convexGlobal() });
  const own = process.env;
  Object.defineProperty(process, "env", {
    get: () => currentExecution()?.environment ?? own,
  });
  for (const [name, print] of Object.entries(executionConsole())) {
    const method = name as keyof Console;
    const ownMethod = console[method] as (...values: unknown[]) => void;
    const adaptedMethod = (...values: unknown[]) =>
      currentExecution() === undefined ? ownMethod.apply(console, values) : print(...values);
    Object.assign(console, { [method]: adaptedMethod });
  }
}
