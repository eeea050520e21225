import { exportJWK, exportPKCS8, generateKeyPair } from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { api } from "../_generated/api";
import { type Deployment, freshDeployment } from "../test.setup";
import { normaliseEmail } from "./password";

const PASSWORD = "correct horse";

let deployment: Deployment;

beforeAll(async () => {
  const keys = await generateKeyPair("RS256", { extractable: true });
  vi.stubEnv("JWT_PRIVATE_KEY", await exportPKCS8(keys.privateKey));
  const publicKey = { use: "sig", ...(await exportJWK(keys.publicKey)) };
  vi.stubEnv("JWKS", JSON.stringify({ keys: [publicKey] }));
  vi.stubEnv("CONVEX_SITE_URL", "https://parley.test");
  vi.stubEnv("AUTH_LOG_LEVEL", "ERROR");
});
afterAll(() => {
  vi.unstubAllEnvs();
});
beforeEach(() => {
  deployment = freshDeployment();
});

function enter(flow: "signUp" | "signIn", email: string, password = PASSWORD) {
  const params = { flow, email, password };
  return deployment.action(api.auth.signIn, { provider: "password", params });
}

/** The person that a session's token names. */
function viewerOf({ tokens }: Awaited<ReturnType<typeof enter>>) {
  const payload = tokens?.token.split(".")[1] ?? "";
  const { sub } = JSON.parse(atob(payload.replaceAll("-", "+").replaceAll("_", "/"))) as {
    sub: string;
  };
  return deployment.withIdentity({ subject: sub });
}

test("an account is made, and entered again with its email in any case", async () => {
  const made = viewerOf(await enter("signUp", " Ada@Example.com "));
  const { current } = api.account.viewer;
  expect(await made.query(current, {})).toMatchObject({ email: "ada@example.com" });
  const again = viewerOf(await enter("signIn", "ada@example.COM"));
  expect(await again.query(current, {})).toEqual(await made.query(current, {}));
});

test("a password that cannot be entered cannot be set, and the longest that can be set can be entered", async () => {
  const { changePassword } = api.account.settings;
  const ada = viewerOf(await enter("signUp", "ada@example.com"));
  const longest = "x".repeat(256);
  const tooLong = ada.action(changePassword, { current: PASSWORD, next: `${longest}x` });
  await expect(tooLong).rejects.toMatchObject({
    data: { code: "WEAK_PASSWORD", message: "A password has at most 256 characters." },
  });
  await ada.action(changePassword, { current: PASSWORD, next: longest });
  await enter("signIn", "ada@example.com", longest);
});

test("a new password takes the present one", async () => {
  const { changePassword } = api.account.settings;
  const ada = viewerOf(await enter("signUp", "ada@example.com"));
  const wrong = ada.action(changePassword, { current: "wrong horse", next: "battery staple" });
  await expect(wrong).rejects.toMatchObject({
    data: {
      code: "WRONG_CREDENTIALS",
      message: "The present password is not right. Nothing was changed.",
    },
  });
});

test("a password is not called wrong when it could not be looked at", async () => {
  const ada = viewerOf(await enter("signUp", "ada@example.com"));
  vi.stubGlobal("crypto", { ...crypto, subtle: undefined });
  const failed = ada.action(api.account.settings.changePassword, {
    current: PASSWORD,
    next: "battery staple",
  });
  await expect(failed).rejects.not.toHaveProperty("data");
  vi.unstubAllGlobals();
});

test("a new password ends every other session at once, and not the one that set it", async () => {
  const { changePassword, getSettings } = api.account.settings;
  const here = viewerOf(await enter("signUp", "ada@example.com"));
  const elsewhere = viewerOf(await enter("signIn", "ada@example.com"));
  await elsewhere.query(getSettings, {});
  await here.action(changePassword, { current: PASSWORD, next: "another horse" });
  await here.query(getSettings, {});
  await expect(elsewhere.query(getSettings, {})).rejects.toMatchObject({
    data: { code: "UNAUTHENTICATED" },
  });
});

test("nobody is the viewer who is signed out", async () => {
  expect(await deployment.query(api.account.viewer.current, {})).toBeNull();
});

describe("what is refused is told in a sentence", () => {
  beforeEach(async () => {
    await enter("signUp", "ada@example.com");
  });

  test("a wrong password and an unknown email alike", async () => {
    const sentence = "The email or the password is not right.";
    const refusal = { data: { code: "WRONG_CREDENTIALS", message: sentence } };
    await expect(enter("signIn", "ada@example.com", "wrong horse")).rejects.toMatchObject(refusal);
    await expect(enter("signIn", "bob@example.com")).rejects.toMatchObject(refusal);
  });

  test("an email that has an account, whether or not the password is right", async () => {
    const taken = { data: { code: "EMAIL_TAKEN" } };
    await expect(enter("signUp", "ada@example.com", "other horse")).rejects.toMatchObject(taken);
    await expect(enter("signUp", " Ada@example.com")).rejects.toMatchObject(taken);
  });

  test("a password that is too short", async () => {
    await expect(enter("signUp", "bob@example.com", "7 chars")).rejects.toMatchObject({
      data: { code: "WEAK_PASSWORD", message: "Choose a password of at least 8 characters." },
    });
  });

  test("a password that is missing, or absurdly long", async () => {
    const missing = enter("signIn", "ada@example.com", "");
    await expect(missing).rejects.toMatchObject({ data: { code: "WRONG_CREDENTIALS" } });
    const long = enter("signUp", "bob@example.com", "x".repeat(100_000));
    await expect(long).rejects.toMatchObject({ data: { code: "WEAK_PASSWORD" } });
  });

  test("too many wrong passwords, and then the right one too, until the time is over", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    for (let attempt = 0; attempt < 10; attempt++) {
      await expect(enter("signIn", "ada@example.com", "wrong horse")).rejects.toThrow();
    }
    await expect(enter("signIn", "ada@example.com")).rejects.toMatchObject({
      data: {
        code: "TOO_MANY_REQUESTS",
        message: "Too many wrong passwords. Try again in 6 minutes.",
        retryAfterMs: 360_000,
      },
    });
    vi.setSystemTime(Date.now() + 360_000);
    for (let attempt = 0; attempt < 2; attempt++) await enter("signIn", "ada@example.com");
    vi.useRealTimers();
  }, 30_000);
});

test("wrong passwords count together, at the entrance and in the settings, and say until when", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  const { changePassword } = api.account.settings;
  const ada = viewerOf(await enter("signUp", "ada@example.com"));
  const change = (current: string) =>
    ada.action(changePassword, { current, next: "another horse" });
  for (let attempt = 0; attempt < 10; attempt++) {
    await expect(change("wrong horse")).rejects.toMatchObject({
      data: { code: "WRONG_CREDENTIALS" },
    });
  }
  const tooMany = {
    data: {
      code: "TOO_MANY_REQUESTS",
      message: "Too many wrong passwords. Try again in 6 minutes.",
      retryAfterMs: 360_000,
    },
  };
  await expect(change(PASSWORD)).rejects.toMatchObject(tooMany);
  await expect(enter("signIn", "ada@example.com")).rejects.toMatchObject(tooMany);
  vi.setSystemTime(Date.now() + 360_000);
  await change(PASSWORD);
  await enter("signIn", "ada@example.com", "another horse");
  vi.useRealTimers();
}, 30_000);

describe("an account of a time when a zero-width space counted", () => {
  const STORED = "ada\u200b@example.com";
  let ada: Awaited<ReturnType<typeof viewerOf>>;
  beforeEach(async () => {
    ada = viewerOf(await enter("signUp", "ada@example.com"));
    await deployment.run(async (ctx) => {
      const [account] = await ctx.db.query("authAccounts").collect();
      await ctx.db.patch("authAccounts", account!._id, { providerAccountId: STORED });
      await ctx.db.patch("users", account!.userId, { email: STORED });
    });
  });

  test("is entered with its email as it was typed, and with its password alone", async () => {
    const { current } = api.account.viewer;
    const again = viewerOf(await enter("signIn", ` ${STORED.toUpperCase()}`));
    expect(await again.query(current, {})).toEqual(await ada.query(current, {}));
    const refusal = { data: { code: "WRONG_CREDENTIALS" } };
    await expect(enter("signIn", STORED, "wrong horse")).rejects.toMatchObject(refusal);
    await expect(enter("signIn", "ada@example.com")).rejects.toMatchObject(refusal);
  });

  test.each([STORED, "ada@example.com"])("can be deleted by typing %j", async (email) => {
    const { requestDeletion } = api.account.deletion;
    expect(await ada.mutation(requestDeletion, { email })).toBeTruthy();
  });
});

test.each([
  "\u200bada@example.com",
  "\u202aada@example.com\u202c",
  "ada@example.com\u0000\n",
  "\ufeff ADA@example.com\ud83d",
])("%j is the mailbox that it looks like", (email) => {
  expect(normaliseEmail(email)).toBe("ada@example.com");
});

test("an accent counts the same in both its forms", () => {
  expect(normaliseEmail("zoe\u0308@example.com")).toBe(normaliseEmail("zo\u00eb@example.com"));
});

test.each([
  "",
  "ada",
  "ada@",
  "@example.com",
  "ada@example",
  "a b@example.com",
  "a@b@c.de",
  7,
  null,
])("%j is no email", (email) => {
  expect(() => normaliseEmail(email)).toThrow(
    expect.objectContaining({ data: expect.objectContaining({ code: "INVALID_EMAIL" }) }),
  );
});
