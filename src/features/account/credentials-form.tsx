import { useAuthActions } from "@convex-dev/auth/react";
import { type FormEvent, useRef, useState } from "react";
import { Button } from "../../components/button";
import { Notice } from "../../components/notice";
import { errorSentence } from "../../lib/error-sentence";
import { CredentialField } from "./credential-field";

export type CredentialsMode = "sign-in" | "sign-up";

const WORDS = {
  "sign-in": {
    title: "Welcome back.",
    lead: "Sign in to your chats.",
    action: "Sign in",
    flow: "signIn",
    questionBeforeOther: "New here?",
  },
  "sign-up": {
    title: "Good to meet you.",
    lead: "An account comes with free credits every month.",
    action: "Sign up",
    flow: "signUp",
    questionBeforeOther: "Already have an account?",
  },
} as const;

/**
 * Email and password, to sign in or to sign up. What the server says is shown beside the form.
 * The other mode's button switches to it, and goes on at once when both fields are filled in:
 * nobody should have to press twice for having typed first.
 */
export function CredentialsForm({ initialMode }: { readonly initialMode: CredentialsMode }) {
  const { signIn } = useAuthActions();
  const form = useRef<HTMLFormElement>(null);
  const [mode, setMode] = useState(initialMode);
  const [failure, setFailure] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const otherMode = mode === "sign-in" ? "sign-up" : "sign-in";
  const words = WORDS[mode];

  async function enter(as: CredentialsMode) {
    if (busy) return;
    const { email, password } = credentialsIn(form.current);
    setBusy(true);
    setFailure(null);
    try {
      await signIn("password", { email, password, flow: WORDS[as].flow });
    } catch (error) {
      setFailure(errorSentence(error));
    } finally {
      setBusy(false);
    }
  }

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    void enter(mode);
  }

  function switchMode() {
    const { email, password } = credentialsIn(form.current);
    setMode(otherMode);
    setFailure(null);
    if (email !== "" && password !== "") void enter(otherMode);
    else form.current?.querySelector<HTMLInputElement>("input:placeholder-shown")?.focus();
  }

  return (
    <>
      <h1 className="mt-9 font-display text-[38px] leading-[1.15] tracking-[-0.015em]">
        {words.title}
      </h1>
      <p className="mt-1.5 text-base text-ink-2">{words.lead}</p>
      <form ref={form} onSubmit={submit} className="mt-7 flex flex-col gap-4" noValidate>
        <CredentialField label="Email" name="email" autoComplete="username" autoFocus />
        <CredentialField
          label="Password"
          name="password"
          autoComplete={mode === "sign-in" ? "current-password" : "new-password"}
          hint={mode === "sign-up" ? "At least 8 characters." : undefined}
        />
        {failure !== null && <Notice announced>{failure}</Notice>}
        <Button type="submit" kind="primary" className="mt-1 min-h-11" disabled={busy}>
          {words.action}
        </Button>
      </form>
      <p className="mt-5 flex items-center gap-1 text-sm text-ink-2">
        {words.questionBeforeOther}
        <Button
          kind="bare"
          size="small"
          className="px-2! text-accent-text!"
          onClick={switchMode}
          disabled={busy}
        >
          {WORDS[otherMode].action}
        </Button>
      </p>
    </>
  );
}

function credentialsIn(form: HTMLFormElement | null) {
  const fields = new FormData(form ?? undefined);
  return {
    email: String(fields.get("email") ?? "").trim(),
    password: String(fields.get("password") ?? ""),
  };
}
