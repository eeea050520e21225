import { resolve } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PORTS, readOptions } from "./options.ts";

describe("the options of a start", () => {
  test("are the presets when nothing is set", () => {
    expect(readOptions("start", [], {})).toEqual({
      mode: "start",
      host: "127.0.0.1",
      port: 5173,
      convexPort: 3210,
      convexSitePort: 3211,
      modelsPort: 3220,
      autumnPort: 3230,
      dataDir: resolve(".parley"),
      publicUrl: null,
    });
  });

  test("come from a flag before they come from the environment", () => {
    const environment = { PORT: "6001", CONVEX_PORT: "6002", DATA_DIR: "/tmp/a", HOST: "0.0.0.0" };
    const options = readOptions("start", ["--port", "7001", "--data-dir=/tmp/b"], environment);
    expect(options).toMatchObject({
      port: 7001,
      convexPort: 6002,
      dataDir: "/tmp/b",
      host: "0.0.0.0",
    });
  });

  test("treat an empty environment variable as one that is not set", () => {
    expect(readOptions("start", [], { PORT: "", PUBLIC_URL: "" })).toMatchObject({
      port: 5173,
      publicUrl: null,
    });
  });

  test("refuse everything that is no port, in a sentence with the flag and the variable", () => {
    const notAPort = fc
      .string()
      .filter((text) => !/^\s*$|^-/.test(text) && !(Number(text) >= 1 && Number(text) <= 65_535));
    const names = fc.constantFrom(...Object.values(PORTS));
    fc.assert(
      fc.property(names, notAPort, ({ flag, variable }, text) => {
        expect(() => readOptions("start", [`${flag}=${text}`], {})).toThrow(flag);
        expect(() => readOptions("start", [], { [variable]: text })).toThrow(variable);
      }),
    );
  });

  test("refuse an unknown flag and an address that is none", () => {
    expect(() => readOptions("start", ["--prot", "1"], {})).toThrow(
      /--prot[^]*There are .*--port,/,
    );
    expect(() => readOptions("start", [], { PUBLIC_URL: "parley.example.com" })).toThrow(
      "PUBLIC_URL",
    );
    expect(() => readOptions("start", [], { PUBLIC_URL: "https://a.example/sub" })).toThrow(
      "PUBLIC_URL",
    );
  });

  test("take a public address down to its origin", () => {
    const { publicUrl } = readOptions("start", ["--public-url", "https://a.example/"], {});
    expect(publicUrl).toBe("https://a.example");
  });
});
