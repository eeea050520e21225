import { ConvexAuthProvider } from "@convex-dev/auth/react";
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { ConvexError } from "convex/values";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FakeConvex } from "../../lib/fake-convex";
import { CredentialsForm } from "./credentials-form";

const MESSAGE = "The email or the password is not right.";
const signIn = vi.fn<(args: Record<string, unknown>) => Promise<{ tokens: null }>>();

beforeEach(() => {
  signIn.mockReset().mockResolvedValue({ tokens: null });
  const server = new FakeConvex();
  server.actions["auth:signIn"] = signIn;
  render(
    <ConvexAuthProvider client={server.client}>
      <CredentialsForm initialMode="sign-in" />
    </ConvexAuthProvider>,
  );
});
afterEach(() => {
  cleanup();
  localStorage.clear();
});

const button = (name: string) => screen.getByRole<HTMLButtonElement>("button", { name });
const email = () => screen.getByLabelText<HTMLInputElement>("Email");
const password = () => screen.getByLabelText<HTMLInputElement>("Password");

function fillIn() {
  fireEvent.change(email(), { target: { value: "ana@example.com" } });
  fireEvent.change(password(), { target: { value: "correct horse 7" } });
}

test("the other form is shown with what was typed, and nothing is sent until its own press", async () => {
  fillIn();
  fireEvent.click(button("Sign up"));
  expect(screen.getByRole("heading").textContent).toBe("Good to meet you.");
  expect([email().value, password().value]).toEqual(["ana@example.com", "correct horse 7"]);
  // There is time to correct it.
  fireEvent.change(email(), { target: { value: "anna@example.com" } });
  fireEvent.click(button("Sign up"));
  const params = expect.objectContaining({ email: "anna@example.com", flow: "signUp" });
  await waitFor(() =>
    expect(signIn).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ params })),
  );
});

test("a refusal marks its fields and takes the focus from nowhere", async () => {
  const answer = Promise.withResolvers<{ tokens: null }>();
  signIn.mockReturnValueOnce(answer.promise);
  fillIn();
  button("Sign in").focus();
  fireEvent.click(button("Sign in"));
  await waitFor(() => expect(button("Sign in").getAttribute("aria-disabled")).toBe("true"));
  expect(button("Sign in").disabled).toBe(false);
  fireEvent.click(button("Sign in"));
  expect(signIn).toHaveBeenCalledOnce();

  answer.reject(new ConvexError({ code: "WRONG_CREDENTIALS", message: MESSAGE }));
  await screen.findByRole("alert");
  expect(document.activeElement).toBe(button("Sign in"));
  for (const field of [email(), password()]) {
    expect(field.getAttribute("aria-invalid")).toBe("true");
    const described = field.getAttribute("aria-describedby") ?? "";
    expect(document.getElementById(described)?.textContent).toBe(MESSAGE);
  }
  fireEvent.click(button("Sign up"));
  expect(email().getAttribute("aria-invalid")).toBe("false");
});

test("only the field that is refused is marked", async () => {
  const message = "There is already an account with this email.";
  signIn.mockRejectedValueOnce(new ConvexError({ code: "EMAIL_TAKEN", message }));
  fillIn();
  fireEvent.click(button("Sign in"));
  await screen.findByRole("alert");
  expect(email().getAttribute("aria-invalid")).toBe("true");
  expect(password().getAttribute("aria-invalid")).toBe("false");
});
