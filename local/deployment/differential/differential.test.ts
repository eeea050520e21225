import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type Deployment, startDeployment } from "../deployment.ts";
import { pushFixture } from "../fixture/push.ts";
import { CALL_PROGRAMS, SIGNED_IN } from "./call-programs.ts";
import { disagreements } from "./compare.ts";
import { DATA_PROGRAMS } from "./data-programs.ts";
import { DIFFERENCES, type Difference } from "./differences.ts";
import { program } from "./generated.ts";
import { type Move, outcomes } from "./program.ts";
import { httpWorld, type Person, referenceWorld, socketWorld } from "./world.ts";

// The same functions and programs under `convex-test` and against a running deployment, through
// both official clients: results, errors and order are the same, but for what differences.ts lists.

const ADA: Person = { subject: "ada", issuer: "https://fixture.example", name: "Ada" };

const SEED = 20_261_121;

let dataDir: string;
let deployment: Deployment;
let token: string;
const used = new Set<Difference>();

beforeAll(async () => {
  // It says there which scheduled functions failed.
  vi.spyOn(console, "error").mockImplementation(() => {});
  dataDir = mkdtempSync(join(tmpdir(), "parley-differential-"));
  deployment = await startDeployment({ dataDir, host: "127.0.0.1", port: 0, sitePort: 0 });
  const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
  const key = { ...(await exportJWK(publicKey)), alg: "ES256" };
  await pushFixture(deployment, { keys: [key] }, [
    join(import.meta.dirname, "programs.ts"),
    join(import.meta.dirname, "schema.ts"),
  ]);
  token = await new SignJWT({ name: ADA.name })
    .setProtectedHeader({ alg: "ES256" })
    .setIssuer(ADA.issuer)
    .setAudience("fixture")
    .setSubject(ADA.subject)
    .setIssuedAt()
    .setExpirationTime("1h")
    .sign(privateKey);
});

afterAll(async () => {
  await deployment.close();
  rmSync(dataDir, { recursive: true });
});

async function expectAgreement(
  program: readonly Move[],
  through: "http" | "socket",
  person: Person | null = null,
): Promise<void> {
  const reference = referenceWorld(person);
  const own = person === null ? null : token;
  const world =
    through === "http" ? httpWorld(deployment.url, own) : await socketWorld(deployment.url, own);
  try {
    const expected = await outcomes(reference, program);
    const actual = await outcomes(world, program);
    expect(disagreements(expected, actual, used)).toEqual([]);
  } finally {
    await reference.close();
    await world.close();
  }
}

test.each(Object.entries({ ...DATA_PROGRAMS, ...CALL_PROGRAMS }))("%s", async (_name, program) => {
  await expectAgreement(program, "http");
  await expectAgreement(program, "socket");
});

test("functions know who calls, and scheduled ones are called by nobody", async () => {
  await expectAgreement(SIGNED_IN, "http", ADA);
  await expectAgreement(SIGNED_IN, "socket", ADA);
});

test("generated programs", async () => {
  const numRuns = 100;
  await fc.assert(
    fc.asyncProperty(
      program,
      fc.constantFrom("http" as const, "socket" as const),
      (moves, through) => expectAgreement(moves, through),
    ),
    { seed: SEED, numRuns },
  );
}, 180_000);

test("every difference that is listed is there", () => {
  expect(DIFFERENCES.filter((one) => !used.has(one)).map(({ what }) => what)).toEqual([]);
});
