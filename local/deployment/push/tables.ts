import type { SystemTable } from "../store/catalog.ts";

/** What a push and the settings leave behind: everything that the functions are made of. */
export const pushTables: readonly SystemTable[] = [
  {
    // {component, path, environment, sha256, source, sourceMap?}; sha256 is the CLI's own digest
    name: "_modules",
    number: 3,
    indexes: [{ name: "by_component_and_path", fields: ["component", "path"] }],
  },
  {
    // {name, value}
    name: "_environment_variables",
    number: 4,
    indexes: [{ name: "by_name", fields: ["name"] }],
  },
  // One row a provider of auth.config, as it is exported there
  { name: "_auth", number: 6, indexes: [] },
  {
    // {name, function, args, schedule}
    name: "_cron_jobs",
    number: 7,
    indexes: [{ name: "by_name", fields: ["name"] }],
  },
  {
    // {path, version, functions, serverVersion}; version changes with the modules and the variables
    name: "_components",
    number: 10,
    indexes: [{ name: "by_path", fields: ["path"] }],
  },
];
