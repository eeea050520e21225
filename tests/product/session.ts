/** A product, or a deployment with its functions. */
interface Owned {
  readonly convexUrl: string;
  readonly adminKey: string;
}

/** What Convex Auth gives to who has signed in. */
export interface SessionTokens {
  readonly token: string;
  readonly refreshToken: string;
}

/** Makes an account and a session of it as the deployment's owner: no password has to be hashed. */
export async function newSession(owned: Owned, email: string): Promise<SessionTokens> {
  const account = { provider: "password", account: { id: email }, profile: { email } };
  const { user } = await store<{ user: { _id: string } }>(owned, {
    type: "createAccountFromCredentials",
    ...account,
  });
  const { tokens } = await store<{ tokens: SessionTokens }>(owned, {
    type: "signIn",
    userId: user._id,
    generateTokens: true,
  });
  return tokens;
}

/** Convex Auth's own internal mutation. */
async function store<Result>({ convexUrl, adminKey }: Owned, args: object): Promise<Result> {
  const response = await fetch(`${convexUrl}/api/mutation`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Convex ${adminKey}` },
    body: JSON.stringify({ path: "auth:store", args: { args }, format: "json" }),
  });
  const answer = (await response.json()) as { status: string; value: Result };
  if (answer.status !== "success") throw new Error(JSON.stringify(answer));
  return answer.value;
}
