import { useAuthActions } from "@convex-dev/auth/react";
import { clsx } from "clsx";
import { type FormEvent, useId, useRef, useState } from "react";
import { PASSWORD_MIN_CHARACTERS } from "../../../convex/account/limits";
import { Button } from "../../components/button";
import { Notice } from "../../components/notice";
import { type Refusal, refusalOf } from "../../lib/error-sentence";
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

/** The fields that a refusal is about; any other is about neither. */
const WRONG_FIELDS: Partial<Record<string, readonly string[]>> = {
  INVALID_EMAIL: ["email"],
  EMAIL_TAKEN: ["email"],
  WEAK_PASSWORD: ["password"],
  WRONG_CREDENTIALS: ["email", "password"],
};

/** Not `disabled` while the server thinks, which would take the focus from whoever pressed it. */
const BUSY_LOOK = "aria-disabled:cursor-default aria-disabled:opacity-55";

/**
 * Email and password, to sign in or to sign up. What the server says is shown beside the form.
 * The other mode's button only shows the other form, with what was typed: an account is made by a
 * press of its own, so that a typing error does not become one.
 */
export function CredentialsForm({ initialMode }: { readonly initialMode: CredentialsMode }) {
  const { signIn } = useAuthActions();
  const form = useRef<HTMLFormElement>(null);
  const [mode, setMode] = useState(initialMode);
  const [failure, setFailure] = useState<Refusal | null>(null);
  const failureId = useId();
  const [busy, setBusy] = useState(false);
  const otherMode = mode === "sign-in" ? "sign-up" : "sign-in";
  const words = WORDS[mode];
  const wrongFields = WRONG_FIELDS[failure?.code ?? ""] ?? [];
  const problemOf = (name: string) => (wrongFields.includes(name) ? failureId : undefined);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (busy) return;
    const { email, password } = credentialsIn(form.current);
    setBusy(true);
    setFailure(null);
    try {
      await signIn("password", { email, password, flow: words.flow });
    } catch (error) {
      setFailure(refusalOf(error));
    } finally {
      setBusy(false);
    }
  }

  function switchMode() {
    if (busy) return;
    setMode(otherMode);
    setFailure(null);
    form.current?.querySelector<HTMLInputElement>("input:placeholder-shown")?.focus();
  }

  return (
    <>
      <h1 className="mt-9 font-display text-[38px] leading-[1.15] tracking-[-0.015em]">
        {words.title}
      </h1>
      <p className="mt-1.5 text-base text-ink-2">{words.lead}</p>
      <form
        ref={form}
        onSubmit={(event) => void submit(event)}
        className="mt-7 flex flex-col gap-4"
        noValidate
      >
        <CredentialField
          label="Email"
          name="email"
          autoComplete="username"
          problemId={problemOf("email")}
          autoFocus
        />
        <CredentialField
          label="Password"
          name="password"
          autoComplete={mode === "sign-in" ? "current-password" : "new-password"}
          problemId={problemOf("password")}
          hint={mode === "sign-up" ? `At least ${PASSWORD_MIN_CHARACTERS} characters.` : undefined}
        />
        {failure !== null && (
          <div id={failureId}>
            <Notice announced>{failure.sentence}</Notice>
          </div>
        )}
        <Button
          type="submit"
          kind="primary"
          className={clsx("mt-1 min-h-11", BUSY_LOOK)}
          aria-disabled={busy}
        >
          {words.action}
        </Button>
      </form>
      <p className="mt-5 flex items-center gap-1 text-sm text-ink-2">
        {words.questionBeforeOther}
        <Button
          kind="bare"
          size="small"
          className={clsx("px-2! text-accent-text!", BUSY_LOOK)}
          onClick={switchMode}
          aria-disabled={busy}
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
