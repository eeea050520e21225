import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { streamed, stubModel, wholeAnswer } from "../model.setup";
import { configuredModel } from "./configured";

beforeEach(() => {
  vi.spyOn(console, "warn").mockReturnValue();
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
});

async function reply(): Promise<string> {
  const request = { instructions: "", messages: [{ role: "user" as const, content: "Hello" }] };
  let text = "";
  for await (const event of configuredModel().streamReply(request, new AbortController().signal)) {
    if (event.kind === "text") text += event.text;
  }
  return text;
}

test("what is set to nothing is not set", async () => {
  const calls = stubModel(streamed(wholeAnswer("Yes")));
  vi.stubEnv("MODEL_STALL_TIMEOUT_MS", "");
  vi.stubEnv("AZURE_OPENAI_API_VERSION", "");
  expect(await reply()).toBe("Yes");
  expect(calls[0]?.url).toMatch(/api-version=2\d{3}-/);
});

test.each(["1", "5000", "600000"])("a model may be silent for %s ms", async (text) => {
  stubModel(streamed(wholeAnswer("Yes")));
  vi.stubEnv("MODEL_STALL_TIMEOUT_MS", text);
  expect(configuredModel()).toBeTruthy();
});

test.each(["0", "-1", "abc", "30s", "1.5", "1e12", " "])(
  "a silence of %j ms is a setting that whoever runs the server has to put right",
  (text) => {
    stubModel(streamed(wholeAnswer("Yes")));
    vi.stubEnv("MODEL_STALL_TIMEOUT_MS", text);
    expect(configuredModel).toThrow(
      expect.objectContaining({
        code: "NOT_CONFIGURED",
        message: expect.stringContaining("MODEL_STALL_TIMEOUT_MS") as string,
      }),
    );
  },
);
