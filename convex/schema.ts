import { authTables } from "@convex-dev/auth/server";
import { defineSchema } from "convex/server";
import { accountTables } from "./account/tables";
import { billingTables } from "./billing/tables";
import { chatTables } from "./chat/tables";
import { creditTables } from "./credits/tables";
import { displayIdTables } from "./lib/tables";
import { projectTables } from "./projects/tables";
import { sharingTables } from "./sharing/tables";

export default defineSchema({
  ...authTables,
  ...accountTables,
  ...displayIdTables,
  ...creditTables,
  ...billingTables,
  ...chatTables,
  ...projectTables,
  ...sharingTables,
});
