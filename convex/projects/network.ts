"use node";
// oxlint-disable no-restricted-imports -- Node's own modules are there in Node's runtime, and only they tell a name's addresses apart from connecting to them.
import { lookup } from "node:dns/promises";
import { connect, type Socket } from "node:net";

/** How the page reader reaches the network: the two steps between which an address is checked. */
export const network = {
  /** All addresses of a host's name. */
  async resolve(host: string): Promise<string[]> {
    return (await lookup(host, { all: true })).map(({ address }) => address);
  },
  /** A connection to exactly this address; nothing is looked up any more. */
  dial(address: string, port: number): Socket {
    return connect({ host: address, port });
  },
};
