/* eslint-disable */
/**
 * Generated `api` utility.
 *
 * THIS CODE IS AUTOMATICALLY GENERATED.
 *
 * To regenerate, run `npx convex dev`.
 * @module
 */

import type * as account_arrangedDeletion from "../account/arrangedDeletion.js";
import type * as account_dataExport from "../account/dataExport.js";
import type * as account_deletion from "../account/deletion.js";
import type * as account_limits from "../account/limits.js";
import type * as account_ownedTables from "../account/ownedTables.js";
import type * as account_password from "../account/password.js";
import type * as account_sampleTexts from "../account/sampleTexts.js";
import type * as account_samples from "../account/samples.js";
import type * as account_settings from "../account/settings.js";
import type * as account_tables from "../account/tables.js";
import type * as account_viewer from "../account/viewer.js";
import type * as auth from "../auth.js";
import type * as billing_autumn from "../billing/autumn.js";
import type * as billing_checkout from "../billing/checkout.js";
import type * as billing_orders from "../billing/orders.js";
import type * as billing_plans from "../billing/plans.js";
import type * as billing_reconcile from "../billing/reconcile.js";
import type * as billing_records from "../billing/records.js";
import type * as billing_ring from "../billing/ring.js";
import type * as billing_rounds from "../billing/rounds.js";
import type * as billing_settings from "../billing/settings.js";
import type * as billing_snapshot from "../billing/snapshot.js";
import type * as billing_state from "../billing/state.js";
import type * as billing_sweep from "../billing/sweep.js";
import type * as billing_tables from "../billing/tables.js";
import type * as billing_webhook from "../billing/webhook.js";
import type * as billing_writes from "../billing/writes.js";
import type * as chat_attachments from "../chat/attachments.js";
import type * as chat_context from "../chat/context.js";
import type * as chat_deletion from "../chat/deletion.js";
import type * as chat_failures from "../chat/failures.js";
import type * as chat_finish from "../chat/finish.js";
import type * as chat_generation from "../chat/generation.js";
import type * as chat_leases from "../chat/leases.js";
import type * as chat_limits from "../chat/limits.js";
import type * as chat_marks from "../chat/marks.js";
import type * as chat_messages from "../chat/messages.js";
import type * as chat_organise from "../chat/organise.js";
import type * as chat_queue from "../chat/queue.js";
import type * as chat_queueRows from "../chat/queueRows.js";
import type * as chat_reaper from "../chat/reaper.js";
import type * as chat_requests from "../chat/requests.js";
import type * as chat_room from "../chat/room.js";
import type * as chat_search from "../chat/search.js";
import type * as chat_sessions from "../chat/sessions.js";
import type * as chat_snippets from "../chat/snippets.js";
import type * as chat_streamText from "../chat/streamText.js";
import type * as chat_streams from "../chat/streams.js";
import type * as chat_tables from "../chat/tables.js";
import type * as chat_titles from "../chat/titles.js";
import type * as chat_tokens from "../chat/tokens.js";
import type * as chat_tree from "../chat/tree.js";
import type * as chat_turn from "../chat/turn.js";
import type * as chat_versions from "../chat/versions.js";
import type * as chat_writer from "../chat/writer.js";
import type * as credits_audit from "../credits/audit.js";
import type * as credits_books from "../credits/books.js";
import type * as credits_history from "../credits/history.js";
import type * as credits_ledger from "../credits/ledger.js";
import type * as credits_rules from "../credits/rules.js";
import type * as credits_subjects from "../credits/subjects.js";
import type * as credits_tables from "../credits/tables.js";
import type * as credits_usage from "../credits/usage.js";
import type * as crons from "../crons.js";
import type * as http from "../http.js";
import type * as lib_characters from "../lib/characters.js";
import type * as lib_clientKey from "../lib/clientKey.js";
import type * as lib_displayId from "../lib/displayId.js";
import type * as lib_errors from "../lib/errors.js";
import type * as lib_functions from "../lib/functions.js";
import type * as lib_rateLimits from "../lib/rateLimits.js";
import type * as lib_tables from "../lib/tables.js";
import type * as lib_time from "../lib/time.js";
import type * as models_azure from "../models/azure.js";
import type * as models_catalogue from "../models/catalogue.js";
import type * as models_configured from "../models/configured.js";
import type * as models_patience from "../models/patience.js";
import type * as models_provider from "../models/provider.js";
import type * as projects_addresses from "../projects/addresses.js";
import type * as projects_context from "../projects/context.js";
import type * as projects_draftSchema from "../projects/draftSchema.js";
import type * as projects_draftText from "../projects/draftText.js";
import type * as projects_drafting from "../projects/drafting.js";
import type * as projects_drafts from "../projects/drafts.js";
import type * as projects_limits from "../projects/limits.js";
import type * as projects_network from "../projects/network.js";
import type * as projects_pageReader from "../projects/pageReader.js";
import type * as projects_pages from "../projects/pages.js";
import type * as projects_projects from "../projects/projects.js";
import type * as projects_purge from "../projects/purge.js";
import type * as projects_readable from "../projects/readable.js";
import type * as projects_safeFetch from "../projects/safeFetch.js";
import type * as projects_slimHtml from "../projects/slimHtml.js";
import type * as projects_tables from "../projects/tables.js";
import type * as projects_tasks from "../projects/tasks.js";
import type * as sharing_lifetimes from "../sharing/lifetimes.js";
import type * as sharing_links from "../sharing/links.js";
import type * as sharing_snapshots from "../sharing/snapshots.js";
import type * as sharing_tables from "../sharing/tables.js";

import type {
  ApiFromModules,
  FilterApi,
  FunctionReference,
} from "convex/server";

declare const fullApi: ApiFromModules<{
  "account/arrangedDeletion": typeof account_arrangedDeletion;
  "account/dataExport": typeof account_dataExport;
  "account/deletion": typeof account_deletion;
  "account/limits": typeof account_limits;
  "account/ownedTables": typeof account_ownedTables;
  "account/password": typeof account_password;
  "account/sampleTexts": typeof account_sampleTexts;
  "account/samples": typeof account_samples;
  "account/settings": typeof account_settings;
  "account/tables": typeof account_tables;
  "account/viewer": typeof account_viewer;
  auth: typeof auth;
  "billing/autumn": typeof billing_autumn;
  "billing/checkout": typeof billing_checkout;
  "billing/orders": typeof billing_orders;
  "billing/plans": typeof billing_plans;
  "billing/reconcile": typeof billing_reconcile;
  "billing/records": typeof billing_records;
  "billing/ring": typeof billing_ring;
  "billing/rounds": typeof billing_rounds;
  "billing/settings": typeof billing_settings;
  "billing/snapshot": typeof billing_snapshot;
  "billing/state": typeof billing_state;
  "billing/sweep": typeof billing_sweep;
  "billing/tables": typeof billing_tables;
  "billing/webhook": typeof billing_webhook;
  "billing/writes": typeof billing_writes;
  "chat/attachments": typeof chat_attachments;
  "chat/context": typeof chat_context;
  "chat/deletion": typeof chat_deletion;
  "chat/failures": typeof chat_failures;
  "chat/finish": typeof chat_finish;
  "chat/generation": typeof chat_generation;
  "chat/leases": typeof chat_leases;
  "chat/limits": typeof chat_limits;
  "chat/marks": typeof chat_marks;
  "chat/messages": typeof chat_messages;
  "chat/organise": typeof chat_organise;
  "chat/queue": typeof chat_queue;
  "chat/queueRows": typeof chat_queueRows;
  "chat/reaper": typeof chat_reaper;
  "chat/requests": typeof chat_requests;
  "chat/room": typeof chat_room;
  "chat/search": typeof chat_search;
  "chat/sessions": typeof chat_sessions;
  "chat/snippets": typeof chat_snippets;
  "chat/streamText": typeof chat_streamText;
  "chat/streams": typeof chat_streams;
  "chat/tables": typeof chat_tables;
  "chat/titles": typeof chat_titles;
  "chat/tokens": typeof chat_tokens;
  "chat/tree": typeof chat_tree;
  "chat/turn": typeof chat_turn;
  "chat/versions": typeof chat_versions;
  "chat/writer": typeof chat_writer;
  "credits/audit": typeof credits_audit;
  "credits/books": typeof credits_books;
  "credits/history": typeof credits_history;
  "credits/ledger": typeof credits_ledger;
  "credits/rules": typeof credits_rules;
  "credits/subjects": typeof credits_subjects;
  "credits/tables": typeof credits_tables;
  "credits/usage": typeof credits_usage;
  crons: typeof crons;
  http: typeof http;
  "lib/characters": typeof lib_characters;
  "lib/clientKey": typeof lib_clientKey;
  "lib/displayId": typeof lib_displayId;
  "lib/errors": typeof lib_errors;
  "lib/functions": typeof lib_functions;
  "lib/rateLimits": typeof lib_rateLimits;
  "lib/tables": typeof lib_tables;
  "lib/time": typeof lib_time;
  "models/azure": typeof models_azure;
  "models/catalogue": typeof models_catalogue;
  "models/configured": typeof models_configured;
  "models/patience": typeof models_patience;
  "models/provider": typeof models_provider;
  "projects/addresses": typeof projects_addresses;
  "projects/context": typeof projects_context;
  "projects/draftSchema": typeof projects_draftSchema;
  "projects/draftText": typeof projects_draftText;
  "projects/drafting": typeof projects_drafting;
  "projects/drafts": typeof projects_drafts;
  "projects/limits": typeof projects_limits;
  "projects/network": typeof projects_network;
  "projects/pageReader": typeof projects_pageReader;
  "projects/pages": typeof projects_pages;
  "projects/projects": typeof projects_projects;
  "projects/purge": typeof projects_purge;
  "projects/readable": typeof projects_readable;
  "projects/safeFetch": typeof projects_safeFetch;
  "projects/slimHtml": typeof projects_slimHtml;
  "projects/tables": typeof projects_tables;
  "projects/tasks": typeof projects_tasks;
  "sharing/lifetimes": typeof sharing_lifetimes;
  "sharing/links": typeof sharing_links;
  "sharing/snapshots": typeof sharing_snapshots;
  "sharing/tables": typeof sharing_tables;
}>;

/**
 * A utility for referencing Convex functions in your app's public API.
 *
 * Usage:
 * ```js
 * const myFunctionReference = api.myModule.myFunction;
 * ```
 */
export declare const api: FilterApi<
  typeof fullApi,
  FunctionReference<any, "public">
>;

/**
 * A utility for referencing Convex functions in your app's internal API.
 *
 * Usage:
 * ```js
 * const myFunctionReference = internal.myModule.myFunction;
 * ```
 */
export declare const internal: FilterApi<
  typeof fullApi,
  FunctionReference<any, "internal">
>;

export declare const components: {
  rateLimiter: import("@convex-dev/rate-limiter/_generated/component.js").ComponentApi<"rateLimiter">;
};
