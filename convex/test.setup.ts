/// <reference types="vite/client" />
import rateLimiter from "@convex-dev/rate-limiter/test";
import { convexTest } from "convex-test";
import schema from "./schema";

const modules = import.meta.glob(["./**/*.ts", "./**/*.js", "!./**/*.*.ts"]);

/** A fresh deployment in memory, with these functions and nothing stored. */
export function freshDeployment() {
  const deployment = convexTest(schema, modules);
  rateLimiter.register(deployment);
  return deployment;
}

export type Deployment = ReturnType<typeof freshDeployment>;

/** A person with an account, and what the person may call. */
export async function signUp(deployment: Deployment, email = "ada@example.com") {
  const userId = await deployment.run((ctx) => ctx.db.insert("users", { email }));
  // Convex Auth's subject: the person, and the session that is open.
  const as = deployment.withIdentity({ subject: `${userId}|session` });
  return { userId: userId, as };
}

export type Person = Awaited<ReturnType<typeof signUp>>;
