import { expect, test } from "vitest";
import { api } from "../_generated/api";
import { freshDeployment, signUp } from "../test.setup";

const { getSettings, updateSettings, changePassword } = api.account.settings;
const { current } = api.account.viewer;

test("a token opens nothing once its session has ended, though it is good by itself", async () => {
  const deployment = freshDeployment();
  const { as, userId, sessionId } = await signUp(deployment);
  await as.query(getSettings, {});
  expect(await as.query(current, {})).toMatchObject({ id: userId });

  await deployment.run((ctx) => ctx.db.delete("authSessions", sessionId));
  const signedOut = { data: { code: "UNAUTHENTICATED" } };
  await expect(as.query(getSettings, {})).rejects.toMatchObject(signedOut);
  await expect(as.mutation(updateSettings, { name: "A" })).rejects.toMatchObject(signedOut);
  const change = as.action(changePassword, { current: "present one", next: "another one" });
  await expect(change).rejects.toMatchObject(signedOut);
  expect(await as.query(current, {})).toBeNull();
});
