import { createServer } from "node:net";
import { PORTS, type Options } from "./options.ts";
import { StartError } from "./start-error.ts";

/**
 * Makes sure that every port is free before the first process starts, so that a taken one leaves
 * nothing half-started.
 * @throws StartError naming the port and the flag that moves it.
 */
export async function checkPorts(options: Options): Promise<void> {
  const seen = new Map<number, string>();
  for (const name of Object.keys(PORTS) as (keyof typeof PORTS)[]) {
    const { flag, variable } = PORTS[name];
    const port = options[name];
    const other = seen.get(port);
    if (other) throw new StartError(`${flag} and ${other} are both ${port}; choose another port.`);
    seen.set(port, flag);
    const reason = await whyNotFree(port, options.host);
    if (reason === null) continue;
    throw new StartError(
      `Port ${port} on ${options.host} ${reason}. Choose another with ${flag} (or ${variable}).`,
    );
  }
}

function whyNotFree(port: number, host: string): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => {
      resolve(error.code === "EADDRINUSE" ? "is taken" : `cannot be used (${error.code})`);
    });
    server.listen(port, host, () => server.close(() => resolve(null)));
  });
}
