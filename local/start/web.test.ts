import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { brotliCompressSync, brotliDecompressSync, gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readOptions } from "./options.ts";
import { createWebServer, renderPage } from "./web.ts";

const TEMPLATE = `<meta name="convex-url" content="%VITE_CONVEX_URL%"><script>theme()</script><script type="module" src="/assets/a.js"></script>`;

test("the page is told its deployment's address", () => {
  const { html } = renderPage(TEMPLATE, "http://127.0.0.1:3210");
  expect(html).toContain(`content="http://127.0.0.1:3210"`);
  expect(html).not.toContain("%VITE");
});

test("the page may reach its own origin and the deployment, and run its own scripts, and no more", () => {
  const { policy } = renderPage(TEMPLATE, "https://parley.example");
  expect(policy).toContain("connect-src 'self' https://parley.example wss://parley.example");
  expect(policy).toMatch(/script-src 'self' 'sha256-[\w+/=]+';/);
  expect(policy).not.toContain("'unsafe-eval'");
});

test("the page is sent packed, and is the same page", () => {
  const { html, packed } = renderPage(TEMPLATE, "http://127.0.0.1:3210");
  expect(brotliDecompressSync(packed.br).toString()).toBe(html);
  expect(gunzipSync(packed.gzip).toString()).toBe(html);
});

describe("a page that is served", () => {
  const SCRIPT = "export const answer = 42;\n";
  const root = mkdtempSync(join(tmpdir(), "parley-web-"));
  const script = join(root, "dist", "assets", "a.js");
  let server: ReturnType<typeof createWebServer>;
  let port = 0;

  beforeAll(async () => {
    mkdirSync(join(root, "dist", "assets"), { recursive: true });
    writeFileSync(join(root, "dist", "index.html"), TEMPLATE);
    writeFileSync(script, SCRIPT);
    writeFileSync(`${script}.br`, brotliCompressSync(SCRIPT));
    writeFileSync(join(root, "secret.txt"), "not for anybody");
    // Nobody listens there: the deployment is away.
    const options = readOptions("start", ["--convex-port", "9", "--convex-site-port", "9"], {});
    server = createWebServer(root, options, "http://127.0.0.1:9");
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    port = (server.address() as AddressInfo).port;
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    rmSync(root, { recursive: true });
  });

  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(`http://127.0.0.1:${port}${path}`, { headers });

  /** What comes back for bytes that no browser would send. */
  async function raw(head: string): Promise<string> {
    const socket = connect(port, "127.0.0.1");
    socket.write(`${head}\r\nHost: page\r\nConnection: close\r\n\r\n`);
    return await text(socket).catch(() => "");
  }

  test("sends a file as it is, or packed where the client takes that", async () => {
    const plain = await get("/assets/a.js", { "accept-encoding": "identity" });
    expect(plain.headers.get("content-encoding")).toBeNull();
    expect(await plain.text()).toBe(SCRIPT);
    const packed = await get("/assets/a.js", { "accept-encoding": "gzip, br" });
    expect(Object.fromEntries(packed.headers)).toMatchObject({
      "content-encoding": "br",
      "content-type": "text/javascript",
      "cache-control": "public, max-age=31536000, immutable",
      vary: "accept-encoding",
    });
    expect(await packed.text()).toBe(SCRIPT);
    const known = `If-None-Match: ${packed.headers.get("etag")}\r\nAccept-Encoding: br`;
    expect(await raw(`GET /assets/a.js HTTP/1.1\r\n${known}`)).toMatch(/^HTTP\/1\.1 304 /);
  });

  test("is what every address leads to that is no file", async () => {
    const paths = ["/chat/CH-000001?message=1", "/assets", "/secret.txt", "/%", "/%00"];
    const types = paths.map(async (path) => (await get(path)).headers.get("content-type"));
    expect(new Set(await Promise.all(types))).toEqual(new Set(["text/html; charset=utf-8"]));
    expect((await get("/assets/b.js")).status).toBe(404);
    expect((await get("/api/query")).status).toBe(502);
  });

  test.each([
    "GET // HTTP/1.1",
    "GET http://[ HTTP/1.1",
    "GET http://elsewhere/assets/a.js HTTP/1.1",
    "OPTIONS * HTTP/1.1",
    "GET /../secret.txt HTTP/1.1",
    "GET /..%2fsecret.txt HTTP/1.1",
    "GET /assets/..%5c..%5csecret.txt HTTP/1.1",
    "GET /api/%zz?%zz HTTP/1.1",
    "GET //api/query HTTP/1.1",
    "POST /assets/a.js HTTP/1.1\r\nContent-Length: 0",
    "CONNECT page:80 HTTP/1.1",
    "GET /api/sync HTTP/1.1\r\nUpgrade: websocket",
    "GET // HTTP/1.1\r\nUpgrade: websocket",
    "nonsense",
    ...["10-5", "-5", "5-", "99999-", "a-b", "0-1,3-4", "-", "0-999999999999999999999"].map(
      (range) => `GET /assets/a.js HTTP/1.1\r\nRange: bytes=${range}`,
    ),
  ])("outlives %j", async (head) => {
    expect(await raw(head)).not.toContain("not for anybody");
    expect((await get("/assets/a.js")).status).toBe(200);
  });

  test("goes on when its files were built anew under other names", async () => {
    rmSync(`${script}.br`);
    expect((await get("/assets/a.js", { "accept-encoding": "br" })).status).toBe(404);
    writeFileSync(`${script}.br`, brotliCompressSync(SCRIPT));
    expect((await get("/assets/a.js", { "accept-encoding": "br" })).status).toBe(200);
  });
});
