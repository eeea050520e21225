import { importPKCS8, SignJWT } from "jose";
import { signingKeys } from "../../local/start/keys.ts";

/**
 * Signs sessions as the deployment on that data folder does, so that many people can be there
 * without the hashing of their passwords.
 */
export async function sessionSigner(
  dataDir: string,
  issuer: string,
): Promise<(userId: string) => Promise<string>> {
  const { JWT_PRIVATE_KEY } = await signingKeys(dataDir);
  // One line in the environment, lines in a PEM.
  const pem = JWT_PRIVATE_KEY.replace(/(?<=-----) | (?=-----)/g, "\n");
  const key = await importPKCS8(pem, "RS256");
  return async (userId) =>
    await new SignJWT({ sub: `${userId}|session` })
      .setProtectedHeader({ alg: "RS256" })
      .setIssuedAt()
      .setIssuer(issuer)
      .setAudience("convex")
      .setExpirationTime("1h")
      .sign(key);
}
