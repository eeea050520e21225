import { importPKCS8, SignJWT } from "jose";
import { signingKeys } from "../../local/start/keys.ts";

/**
 * Signs sessions as the deployment on that data folder does, so that many people can be there
 * without the hashing of their passwords. A subject names a person and the session: `user|session`.
 */
export async function sessionSigner(
  dataDir: string,
  issuer: string,
): Promise<(subject: string) => Promise<string>> {
  const { JWT_PRIVATE_KEY } = await signingKeys(dataDir);
  // One line in the environment, lines in a PEM.
  const pem = JWT_PRIVATE_KEY.replace(/(?<=-----) | (?=-----)/g, "\n");
  const key = await importPKCS8(pem, "RS256");
  return async (subject) =>
    await new SignJWT({ sub: subject })
      .setProtectedHeader({ alg: "RS256" })
      .setIssuedAt()
      .setIssuer(issuer)
      .setAudience("convex")
      .setExpirationTime("1h")
      .sign(key);
}
