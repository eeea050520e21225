import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { ConvexHttpClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { RunningFixture } from "../fixture/running.ts";

const query = (name: string) => makeFunctionReference<"query">(name);
const mutation = (name: string) => makeFunctionReference<"mutation">(name);

/** A list in a list and so on, which can be read but not written again. */
const DEEP = "[".repeat(100_000) + "]".repeat(100_000);

let running: RunningFixture;

beforeAll(async () => {
  running = await RunningFixture.start();
});

afterEach(() => {
  expect(running.failures.splice(0)).toEqual([]);
});

afterAll(() => running.remove());

async function post(path: string, body: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(running.deployment.url + path, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, body: JSON.parse(text) as Record<string, unknown> };
}

test("functions answer over plain HTTP in both formats, also to a GET", async () => {
  const args = { name: "plain", balance: 3 };
  const opened = await post("/api/mutation", { path: "accounts:open", args, format: "json" });
  expect(opened).toMatchObject({ status: 200, body: { status: "success" } });
  const path = "accounts:balance";
  const asked = encodeURIComponent(JSON.stringify({ name: "plain" }));
  const got = await fetch(
    `${running.deployment.url}/api/query?path=${path}&args=${asked}&format=json`,
  );
  expect(await got.json()).toMatchObject({ status: "success", value: 3 });
  const queries = [{ path, args: [{ name: "plain" }], format: "convex_encoded_json" }];
  const batch = await post("/api/query_batch", { queries });
  expect(batch.body["results"]).toMatchObject([{ status: "success", value: 3 }]);
});

test("a function of any kind is run at an address that names it", async () => {
  const args = { name: "by address", balance: 4 };
  const opened = await post("/api/run/accounts/open", { args, format: "json" });
  expect(opened).toMatchObject({ status: 200, body: { status: "success" } });
  const balance = await post("/api/run/accounts/balance", { args: { name: "by address" } });
  expect(balance.body).toMatchObject({ status: "success", value: 4 });
  expect(await post("/api/run/accounts/nothing", { args: {} })).toMatchObject({
    body: { status: "error" },
  });
});

test("bad requests get a status, a code and a sentence, never a stack", async () => {
  const call = { path: "accounts:list", args: {} };
  const bad = [
    [await post("/api/query", "{not json"), 400],
    [await post("/api/query", "[]"), 400],
    [await post("/api/query", { ...call, args: { half: "\ud83d" } }), 400],
    [await post("/api/query", `{"path":"accounts:list","args":{"deep":${DEEP}}}`), 400],
    [await post("/api/query", { args: {} }), 400],
    [await post("/api/query", { ...call, format: "xml" }), 400],
    [await post("/api/query", { ...call, componentPath: "other" }), 403],
    [await post("/api/query", call, { Authorization: "Bearer nonsense" }), 401],
    [await post("/api/query", call, { Authorization: "Convex wrong-key" }), 401],
    [await post("/api/function", call), 401],
    [await post("/api/query_at_ts", { ...call, ts: "x" }), 400],
    [await post("/api/nowhere", {}), 404],
    [await post("/api/run/accounts", { args: {} }), 400],
    [await post("/api/run/accounts/", { args: {} }), 400],
    [await post("/api/storage/upload?token=forged", "bytes"), 403],
  ] as const;
  for (const [{ status, body }, expected] of bad) {
    expect(status).toBe(expected);
    expect(body).toEqual({ code: expect.any(String), message: expect.any(String) });
    expect(JSON.stringify(body)).not.toContain("    at ");
  }
});

test.each([
  ["GET http://elsewhere/hello HTTP/1.1", 400],
  ["OPTIONS * HTTP/1.1", 400],
  ["TRACE /hello HTTP/1.1", 405],
])("the site answers %j with %i, which is no failure of its own", async (head, status) => {
  const { hostname, port } = new URL(running.deployment.siteUrl);
  const socket = connect(Number(port), hostname);
  socket.write(`${head}\r\nHost: site\r\nConnection: close\r\n\r\n`);
  expect(await text(socket)).toMatch(new RegExp(`^HTTP/1.1 ${status} .*"message":`, "s"));
});

test("a page of any origin may call the API", async () => {
  const headers = { Origin: "https://page.example", "Access-Control-Request-Headers": "x-any" };
  const preflight = await fetch(`${running.deployment.url}/api/query`, {
    method: "OPTIONS",
    headers,
  });
  expect(preflight.ok).toBe(true);
  expect(preflight.headers.get("access-control-allow-origin")).toBe("https://page.example");
  expect(preflight.headers.get("access-control-allow-headers")).toBe("x-any");
});

test("a file comes back as it was sent, whole or in part, until it is deleted", async () => {
  const http = new ConvexHttpClient(running.deployment.url);
  const content = crypto.getRandomValues(new Uint8Array(60_000));
  const address: string = await http.mutation(mutation("files:uploadUrl"), {});
  const upload = await fetch(address, {
    method: "POST",
    headers: { "Content-Type": "image/png" },
    body: content,
  });
  const { storageId } = (await upload.json()) as { storageId: string };
  const url: string = await http.query(query("files:url"), { id: storageId });
  const whole = await fetch(url);
  expect(whole.headers.get("content-type")).toBe("image/png");
  expect(new Uint8Array(await whole.arrayBuffer())).toEqual(content);
  const ranges = [
    ["bytes=10-19", content.slice(10, 20)],
    ["bytes=59990-", content.slice(59_990)],
    ["bytes=-5", content.slice(-5)],
  ] as const;
  for (const [range, expected] of ranges) {
    const part = await fetch(url, { headers: { Range: range } });
    expect(part.status).toBe(206);
    expect(new Uint8Array(await part.arrayBuffer())).toEqual(expected);
  }
  expect((await fetch(url, { headers: { Range: "bytes=70000-" } })).status).toBe(416);
  await http.mutation(mutation("files:remove"), { id: storageId });
  expect((await fetch(url)).status).toBe(404);
});

test("an upload that is not what was announced is refused", async () => {
  const http = new ConvexHttpClient(running.deployment.url);
  const address: string = await http.mutation(mutation("files:uploadUrl"), {});
  const Digest = `sha-256=${Buffer.alloc(32).toString("base64")}`;
  const response = await fetch(address, { method: "POST", headers: { Digest }, body: "text" });
  expect(response.status).toBe(400);
});

test("HTTP actions get the request and stream their answer, on both origins", async () => {
  for (const origin of [running.deployment.siteUrl, `${running.deployment.url}/http`]) {
    const echo = await fetch(`${origin}/echo?x=1`, {
      method: "POST",
      headers: { Authorization: `Bearer ${await running.tokenFor("http-user")}` },
      body: "hello",
    });
    expect(echo.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
    expect(await echo.json()).toEqual({
      origin: running.deployment.siteUrl,
      path: "/echo?x=1",
      body: "hello",
      subject: "http-user",
    });
  }
  const slow = await fetch(`${running.deployment.siteUrl}/slow`);
  expect(await slow.text()).toBe("one two three");
  const anonymous = { method: "POST", headers: { Authorization: "Basic abc" } };
  const unknown = await fetch(`${running.deployment.siteUrl}/echo`, anonymous);
  expect(await unknown.json()).toMatchObject({ subject: null });
  expect((await fetch(`${running.deployment.siteUrl}/nowhere`)).status).toBe(404);
});
