import { useAuthActions } from "@convex-dev/auth/react";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { Navigate } from "react-router";
import { Splash } from "./splash";

/** Signs out and then shows sign-in without a way back, because the next person may be another. */
export default function SignOutPage() {
  const { signOut } = useAuthActions();
  const queries = useQueryClient();
  const [done, setDone] = useState(false);
  useEffect(() => {
    queries.clear();
    void signOut().then(() => setDone(true));
  }, [signOut, queries]);
  return done ? <Navigate to="/sign-in" replace /> : <Splash />;
}
