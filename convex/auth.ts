import { convexAuth } from "@convex-dev/auth/server";
import { passwordProvider } from "./account/password";

/** Convex Auth's own functions. The client library calls them by these names. */
export const { auth, signIn, signOut, store } = convexAuth({
  providers: [passwordProvider()],
});
