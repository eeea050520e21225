import { accessSync, constants, mkdirSync, rmSync, writeFileSync } from "node:fs";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { join } from "node:path";
import { adminRoutes } from "./admin/routes.ts";
import { systemQueries } from "./admin/system-queries.ts";
import { ADDRESS_FILE } from "./backup/commands.ts";
import { Backups } from "./backup/online.ts";
import { FileStorage } from "./files/file-storage.ts";
import { ErrorReport } from "./functions/log/error-report.ts";
import type { CallOrigin } from "./functions/overruns.ts";
import { FunctionRunner } from "./functions/runner.ts";
import { Authenticator } from "./identity/authenticator.ts";
import { KeySets } from "./identity/key-sets.ts";
import { OwnKey } from "./identity/own-key.ts";
import type { AuthProvider } from "./identity/providers.ts";
import { TokenVerifier } from "./identity/token-verifier.ts";
import { LiveQueries } from "./live/live-queries.ts";
import { pushRoutes } from "./push/routes.ts";
import { Exports } from "./snapshots/exports.ts";
import { Imports } from "./snapshots/imports.ts";
import { snapshotRoutes } from "./snapshots/routes.ts";
import { Crons } from "./scheduler/crons.ts";
import { Scheduler } from "./scheduler/scheduler.ts";
import { aboutRoutes } from "./server/about-routes.ts";
import { type AdminKey, keptAdminKey } from "./server/admin-key.ts";
import { functionRoutes } from "./server/function-routes.ts";
import { Listener } from "./server/listener.ts";
import { Router } from "./server/router.ts";
import { serveSite } from "./server/site.ts";
import { findFile, storageRoutes } from "./server/storage-routes.ts";
import { SyncServer } from "./server/web-socket.ts";
import { StartError } from "./start-error.ts";
import { SessionRequests } from "./sync/session-requests.ts";
import { onTableChange, readDurable, readRows } from "./system-rows.ts";
import { Database } from "./transaction/database.ts";
import { SYSTEM_TABLES } from "./system-tables.ts";

export interface DeploymentOptions {
  /** Everything that is kept: database, files, admin key. Made when it is missing. */
  readonly dataDir: string;
  /** Holds the `node_modules` of packages that are not bundled; by default a folder above `dataDir`. */
  readonly packagesDir?: string | undefined;
  readonly host: string;
  /** Of the cloud origin; 0 lets the system choose. */
  readonly port: number;
  readonly sitePort: number;
  /** Instead of the one kept in the data folder. */
  readonly adminKey?: string | undefined;
  /** The addresses that clients see, where a proxy stands in front. */
  readonly cloudOrigin?: string | undefined;
  readonly siteOrigin?: string | undefined;
  /** Errors reach clients as on a production deployment: without their text. */
  readonly production?: boolean | undefined;
  /** How long a function may compute at a stretch, in milliseconds of processor time. */
  readonly turnLimitMs?: number | undefined;
  /** The same for actions in Node's runtime. */
  readonly nodeTurnLimitMs?: number | undefined;
  /** Calls that are known not to end, which fail until other code is pushed. */
  readonly overruns?: readonly CallOrigin[] | undefined;
  /** A function beside the database has filled the memory: none is run there until other code is pushed. */
  readonly hasFilledMemory?: boolean | undefined;
  /** Other code, or other variables, became active. */
  readonly onPushed?: (() => void) | undefined;
  /** Whether errors of functions, besides those meant for the caller, and warnings go to stderr. */
  readonly reportsErrors?: boolean | undefined;
  /** Failures of the deployment itself; by default they go to stderr. */
  readonly onInternalError?: ((error: unknown) => void) | undefined;
}

export interface Deployment {
  /** The public cloud origin, without a final slash. */
  readonly url: string;
  readonly siteUrl: string;
  /** Those that the system chose, where it was asked to. */
  readonly ports: { readonly cloud: number; readonly site: number };
  readonly adminKey: string;
  /** Resolves when the database can no longer write; the process has to end. */
  readonly failure: Promise<Error>;
  /** Answers what is under way, puts everything on disk, and lets go of ports and files. */
  close(): Promise<void>;
}

/** A transition longer than this many UTF-16 units, at most 5 MB of UTF-8, travels in chunks. */
const CHUNK_LENGTH = 1_600_000;
const HOUR_MS = 60 * 60 * 1000;
const CLOSE_GRACE_MS = 1_500;

/**
 * Starts a Convex deployment on one data folder.
 *
 * @throws StartError or DataFileError, with nothing left running.
 */
export async function startDeployment(options: DeploymentOptions): Promise<Deployment> {
  makeWritable(options.dataDir);
  const adminKey = keptAdminKey(join(options.dataDir, "admin-key"), options.adminKey);
  const database = Database.open(join(options.dataDir, "data.sqlite"), {
    systemTables: SYSTEM_TABLES,
  });
  const listeners: Listener[] = [];
  try {
    const doors = await openDoors(options, listeners);
    return await assemble(options, { adminKey, database, ...doors });
  } catch (error) {
    await Promise.all(listeners.map((listener) => listener.close(0)));
    database.close();
    throw error;
  }
}

function makeWritable(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartError(`The data folder ${folder} cannot be written (--data): ${reason}`);
  }
}

interface Doors {
  readonly cloud: Listener;
  readonly site: Listener;
  /** What the listeners do with a request; they open before there is anybody to answer. */
  readonly handlers: { cloud: RequestListener; site: RequestListener };
}

const notYet: RequestListener = (_request, response) => void response.writeHead(503).end();

async function openDoors(options: DeploymentOptions, opened: Listener[]): Promise<Doors> {
  const handlers = { cloud: notYet, site: notYet };
  const { host, port, sitePort } = options;
  const cloud = await Listener.open({ host, port, flag: "--port" }, (request, response) =>
    handlers.cloud(request, response),
  );
  opened.push(cloud);
  const site = await Listener.open(
    { host, port: sitePort, flag: "--site-port" },
    (request, response) => handlers.site(request, response),
  );
  opened.push(site);
  return { cloud, site, handlers };
}

async function assemble(
  options: DeploymentOptions,
  parts: Doors & { readonly adminKey: AdminKey; readonly database: Database },
): Promise<Deployment> {
  const { adminKey, database, cloud, site, handlers } = parts;
  const onInternalError = options.onInternalError ?? ((error: unknown) => console.error(error));
  const origins = {
    cloud: trimSlash(options.cloudOrigin) ?? originOf(options.host, cloud.port),
    site: trimSlash(options.siteOrigin) ?? originOf(options.host, site.port),
  };
  const files = new FileStorage(join(options.dataDir, "files"), () => origins.cloud, adminKey.text);
  const ownKey = await OwnKey.of(database, origins.cloud);
  const production = options.production ?? false;
  const report = new ErrorReport((line) => console.error(line));
  const runner = new FunctionRunner({
    database,
    files,
    signToken: (...claims) => ownKey.sign(...claims),
    origins,
    production,
    dataDir: options.dataDir,
    packagesDir: options.packagesDir,
    turnLimitMs: options.turnLimitMs,
    nodeTurnLimitMs: options.nodeTurnLimitMs,
    overruns: options.overruns,
    hasFilledMemory: options.hasFilledMemory,
    onExecution: options.reportsErrors ? (record) => report.add(record) : undefined,
    systemQueries: systemQueries(origins),
  });
  const authenticator = new Authenticator(adminKey, tokenVerifier(database, runner, origins.site));
  const live = new LiveQueries(database, runner);
  const sessionRequests = new SessionRequests(database);
  const sync = new SyncServer({
    database,
    runner,
    live,
    sessionRequests,
    authenticate: (credentials) => authenticator.fromCredentials(credentials),
    onInternalError,
    chunkLength: CHUNK_LENGTH,
  });
  const exports = new Exports(database, files, join(options.dataDir, "exports"), onInternalError);
  const imports = new Imports(database, files, join(options.dataDir, "imports"), onInternalError);
  const backups = new Backups(database, options.dataDir);
  const scheduler = new Scheduler(database, runner, onInternalError);
  const crons = new Crons(database, runner, onInternalError);

  const router = new Router(
    [
      ...aboutRoutes("parley", ownKey.publicKeys),
      ...functionRoutes({ database, runner, authenticator }),
      ...storageRoutes(database, files),
      ...pushRoutes(database, runner.sets),
      ...adminRoutes(database, runner.executions, runner.sets, origins),
      ...snapshotRoutes(exports, imports),
      ...backups.routes(),
    ],
    adminKey,
    onInternalError,
  );
  const toSite = (path: string, request: IncomingMessage, response: ServerResponse) =>
    void serveSite(
      { runner, authenticator, siteOrigin: origins.site, onInternalError },
      path,
      request,
      response,
    );
  handlers.site = (request, response) => toSite(request.url ?? "/", request, response);
  handlers.cloud = (request, response) => {
    const path = request.url ?? "/";
    if (path.startsWith("/http/")) toSite(path.slice("/http".length), request, response);
    else void router.handle(request, response);
  };
  onTableChange(database, "_components", () => {
    runner.trustAgain();
    options.onPushed?.();
  });
  sync.listenTo(cloud.server);
  await imports.failUnfinished();
  await scheduler.start();
  await crons.start();

  const tidy = () => {
    const now = Date.now();
    if (!backups.isRunning) files.sweep((uuid) => findFile(database, uuid) !== null, HOUR_MS);
    return Promise.all([sessionRequests.removeOld(now), scheduler.removeOld(now)]);
  };
  const tidying = setInterval(() => void tidy().catch(onInternalError), HOUR_MS).unref();
  await tidy();
  const addressFile = join(options.dataDir, ADDRESS_FILE);
  writeFileSync(addressFile, originOf(options.host, cloud.port));

  return {
    url: origins.cloud,
    siteUrl: origins.site,
    ports: { cloud: cloud.port, site: site.port },
    adminKey: adminKey.text,
    failure: database.failure,
    close: async () => {
      clearInterval(tidying);
      const work = [scheduler.stop(), crons.stop(), sync.close(CLOSE_GRACE_MS)];
      const doors = [cloud.close(CLOSE_GRACE_MS), site.close(CLOSE_GRACE_MS)];
      await settledWithin(CLOSE_GRACE_MS, [...work, ...doors]);
      await runner.close();
      live.close();
      rmSync(addressFile, { force: true });
      database.close();
    },
  };
}

function tokenVerifier(
  database: Database,
  runner: FunctionRunner,
  siteOrigin: string,
): TokenVerifier {
  const keySets = new KeySets(
    () => siteOrigin,
    (url) => runner.runHttpAction(new Request(url), null),
  );
  const providers = () =>
    readDurable(database, (tx) => readRows(tx, "_auth.by_creation_time", [])).map(
      ({ value }) => value as unknown as AuthProvider,
    );
  return new TokenVerifier(providers, keySets);
}

async function settledWithin(ms: number, work: readonly Promise<void>[]): Promise<void> {
  const { promise: tooLate, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  await Promise.race([Promise.allSettled(work), tooLate]);
  clearTimeout(timer);
}

function originOf(host: string, port: number): string {
  const name = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
  return `http://${name.includes(":") ? `[${name}]` : name}:${port}`;
}

function trimSlash(origin: string | undefined): string | undefined {
  return origin?.replace(/\/+$/, "");
}
