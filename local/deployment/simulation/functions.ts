import { setImmediate as nextTurn } from "node:timers/promises";
import type { Scripts } from "../fixture/scripted-runner.ts";
import type { SystemTable } from "../store/catalog.ts";
import { readRows } from "../system-rows.ts";
import type { Transaction } from "../transaction/transaction.ts";

/** `{lane, writer, n}`: each acknowledged write of a simulated client is one of these. */
export const ENTRIES_TABLE: SystemTable = {
  name: "_entries",
  number: 9_000,
  indexes: [{ name: "by_lane", fields: ["lane"] }],
};

/** `{name, amount}`: what `accounts:transfer` moves never changes in sum. */
export const ACCOUNTS_TABLE: SystemTable = { name: "_accounts", number: 9_001, indexes: [] };

export const ACCOUNTS = 4;
export const LANES = 3;

/** An entry as queries show it. */
export type Entry = readonly [writer: string, n: number];

export function entriesIn(tx: Transaction, lane: number): Entry[] {
  const range = [{ type: "Eq", fieldPath: "lane", value: lane }] as const;
  return readRows(tx, "_entries.by_lane", range).map(({ value }) => [
    value["writer"] as string,
    value["n"] as number,
  ]);
}

export function amountsIn(tx: Transaction): number[] {
  return readRows(tx, "_accounts.by_creation_time", []).map(({ value }) => Number(value["amount"]));
}

/**
 * The functions that simulated clients call.
 *
 * @param pause how many turns of the event loop a function takes somewhere in its middle.
 */
export function simulatedFunctions(pause: () => number): Scripts {
  const wait = async (): Promise<void> => {
    for (let turns = pause(); turns > 0; turns--) await nextTurn();
  };
  return {
    queries: {
      "entries:in": async ({ tx, args }) => {
        await wait();
        return entriesIn(tx, args["lane"] as number).map((entry) => [...entry]);
      },
      "accounts:amounts": async ({ tx }) => {
        await wait();
        return amountsIn(tx);
      },
      "viewer:name": async ({ identity }) => {
        await wait();
        return (identity()?.claims["subject"] as string | undefined) ?? null;
      },
    },
    mutations: {
      "entries:add": async ({ tx, args }) => {
        tx.insert("", "_entries", { lane: args["lane"]!, writer: args["writer"]!, n: args["n"]! });
        await wait();
        return entriesIn(tx, args["lane"] as number).length;
      },
      "accounts:transfer": async ({ tx, args }) => {
        const rows = readRows(tx, "_accounts.by_creation_time", []);
        const [from, to] = [rows[args["from"] as number]!, rows[args["to"] as number]!];
        tx.patch("", from.id, { amount: Number(from.value["amount"]) - 1 });
        await wait();
        if (from.id === to.id) throw new Error("There is nothing to transfer.");
        tx.patch("", to.id, { amount: Number(to.value["amount"]) + 1 });
        return null;
      },
    },
  };
}
