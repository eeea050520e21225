import { expect, test } from "vitest";
import { ActionSyscalls, type ActionScope } from "../../syscalls/action-syscalls.ts";
import { currentExecution, runIn } from "./execution.ts";
import { importExecution } from "./import-execution.ts";

test("what an action has the deployment do is done outside the action", async () => {
  const seen: unknown[] = [];
  const syscalls = new ActionSyscalls({
    address: { componentPath: "", path: { module: "some.js", name: "action" } },
    ended: new AbortController().signal,
    call: () => {
      seen.push(currentExecution());
      return Promise.resolve("null");
    },
  } as unknown as ActionScope);
  const execution = importExecution({});
  await runIn(execution, async () => {
    await syscalls.async("1.0/actions/mutation", '{"name":"some:mutation","args":{}}');
    seen.push(currentExecution());
  });
  expect(seen).toEqual([undefined, execution]);
});
