import { useAction, useConvex, useMutation } from "convex/react";
import type { FunctionReturnType } from "convex/server";
import { Bell, Download, KeyRound, MessageSquare, Palette, Trash2, User } from "@/components/icons";
import { type FormEvent, useState } from "react";
import { api } from "../../../convex/_generated/api";
import { Button } from "../../components/button";
import { Card } from "../../components/card";
import { Dialog } from "../../components/dialog";
import { Select, TextField } from "../../components/field";
import { Notice } from "../../components/notice";
import { Switch } from "../../components/switch";
import {
  NAME_MAX_CHARACTERS,
  PASSWORD_MIN_CHARACTERS,
  UNDO_WINDOW_MS,
} from "../../../convex/account/limits";
import { announce } from "../../lib/announce";
import { turnNoticesOff, turnNoticesOn, useAnswerNotices } from "../../lib/answer-notices";
import { dayOf } from "../../lib/moments";
import { useThemePreference } from "../../lib/theme";
import { useNow } from "../../lib/use-now";
import { useSettings } from "../../lib/use-settings";
import { exportEverything } from "./export-everything";
import { useSaving } from "./use-saving";

type Settings = FunctionReturnType<typeof api.account.settings.getSettings>;

const THEMES = [
  { value: "system", label: "As the system" },
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
] as const;

/** Everything a person can set about themselves, and the two ways of taking their data away. */
export function SettingsPanel() {
  const settings = useSettings();
  if (settings === undefined) return null;
  return (
    <div className="flex animate-appear flex-col gap-4">
      <Profile settings={settings} />
      <Card title="Appearance" Icon={Palette}>
        <Theme />
      </Card>
      <Card title="New chats" Icon={MessageSquare}>
        <ChatDefaults settings={settings} />
      </Card>
      <Card title="Notifications" Icon={Bell}>
        <Notifications />
      </Card>
      <Password />
      <Card title="Your data" Icon={Download}>
        <Export />
      </Card>
      {settings.deletionAt === null && (
        <Card title="Delete account" Icon={Trash2}>
          <DeleteAccount email={settings.email} />
        </Card>
      )}
    </div>
  );
}

function Profile({ settings }: { readonly settings: Settings }) {
  const updateSettings = useMutation(api.account.settings.updateSettings);
  const [name, setName] = useState(settings.name);
  const { save, isBusy, notice } = useSaving();

  function submit(event: FormEvent) {
    event.preventDefault();
    void save(() => updateSettings({ name }), "Your profile is saved.");
  }

  return (
    <Card title="Profile" Icon={User}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <TextField
          label="Name"
          hint="What the dashboard greets you with. Nobody else sees it."
          autoComplete="given-name"
          maxLength={NAME_MAX_CHARACTERS}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <TextField label="Email" type="email" value={settings.email} readOnly />
        {notice}
        <Button type="submit" className="self-start" disabled={isBusy || name === settings.name}>
          Save profile
        </Button>
      </form>
    </Card>
  );
}

function Theme() {
  const [theme, setTheme] = useThemePreference();
  return (
    <Select label="Theme" options={THEMES} value={theme} onChange={setTheme} className="max-w-60" />
  );
}

function ChatDefaults({ settings }: { readonly settings: Settings }) {
  const updateSettings = useMutation(api.account.settings.updateSettings);
  const { save, notice } = useSaving();
  const models = settings.models.map((model) => ({ value: model, label: model }));
  return (
    <div className="flex flex-col gap-4">
      <Select
        label="Default model"
        hint="What answers in a new chat, unless you choose another there. Whoever runs this server decides which models there are."
        options={models.length === 0 ? [{ value: "", label: "None is set up" }] : models}
        value={settings.model ?? ""}
        onChange={(model) => void save(() => updateSettings({ model }), "Saved for new chats.")}
        disabled={models.length < 2}
        className="max-w-60"
      />
      <Switch
        label={
          <span className="flex-1">
            Include my projects and tasks
            <span className="block text-[13px] text-ink-2">
              New chats tell the model of them, unless you turn it off there.
            </span>
          </span>
        }
        name="Include my projects and tasks in new chats"
        checked={settings.includesContext}
        onChange={(includesContext) =>
          void save(() => updateSettings({ includesContext }), "Saved for new chats.")
        }
      />
      {notice}
    </div>
  );
}

function Notifications() {
  const areOn = useAnswerNotices();
  const [refusal, setRefusal] = useState<string | null>(null);

  async function change(on: boolean) {
    if (on) return setRefusal(await turnNoticesOn());
    setRefusal(null);
    turnNoticesOff();
  }

  return (
    <div className="flex flex-col gap-4">
      <Switch
        label={
          <span className="flex-1">
            Tell me when an answer is done
            <span className="block text-[13px] text-ink-2">
              While you look at something else. It holds for this browser, and says the chat’s name
              but nothing of the answer.
            </span>
          </span>
        }
        name="Tell me when an answer is done"
        checked={areOn}
        onChange={(on) => void change(on)}
      />
      {refusal !== null && <Notice announced>{refusal}</Notice>}
    </div>
  );
}

function Password() {
  const changePassword = useAction(api.account.settings.changePassword);
  const { save, isBusy, notice } = useSaving();
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");

  async function submit(event: FormEvent) {
    event.preventDefault();
    const work = () => changePassword({ current, next });
    if (await save(work, "Your password is changed. Other devices are signed out.")) {
      setCurrent("");
      setNext("");
    }
  }

  return (
    <Card title="Password" Icon={KeyRound}>
      <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
        <TextField
          label="Present password"
          type="password"
          autoComplete="current-password"
          value={current}
          onChange={(event) => setCurrent(event.target.value)}
        />
        <TextField
          label="New password"
          type="password"
          autoComplete="new-password"
          hint={`At least ${PASSWORD_MIN_CHARACTERS} characters.`}
          value={next}
          onChange={(event) => setNext(event.target.value)}
        />
        {notice}
        <Button
          type="submit"
          className="self-start"
          disabled={isBusy || current === "" || next === ""}
        >
          Change password
        </Button>
      </form>
    </Card>
  );
}

function Export() {
  const convex = useConvex();
  const { save, isBusy, notice } = useSaving();
  return (
    <>
      <p className="text-sm text-ink-2">
        Chats, projects, tasks, pages, credits and settings, word for word in one JSON file.
      </p>
      {notice}
      <Button
        className="self-start"
        disabled={isBusy}
        onClick={() => void save(() => exportEverything(convex), "Your data is downloaded.")}
      >
        <Download size={16} strokeWidth={1.75} aria-hidden="true" />
        {isBusy ? "Collecting…" : "Export my data"}
      </Button>
    </>
  );
}

function DeleteAccount({ email }: { readonly email: string }) {
  const requestDeletion = useMutation(api.account.deletion.requestDeletion);
  const { save, isBusy, notice } = useSaving();
  const [isOpen, setIsOpen] = useState(false);
  const [typed, setTyped] = useState("");
  const day = dayOf(useNow().getTime() + UNDO_WINDOW_MS);

  async function request() {
    const work = () => requestDeletion({ email: typed });
    if (!(await save(work))) return;
    setIsOpen(false);
    // Who sees it has the notice above the page, which a toast would cover.
    announce("Your account will be deleted in seven days.");
  }

  return (
    <>
      <p className="text-sm text-ink-2">
        Everything goes: chats, projects, credits and the account. For seven days you can take it
        back; then it is really gone.
      </p>
      <Button className="self-start text-bad!" onClick={() => setIsOpen(true)}>
        Delete my account
      </Button>
      <Dialog
        title="Delete your account?"
        open={isOpen}
        onClose={() => setIsOpen(false)}
        actions={
          <>
            <Button onClick={() => setIsOpen(false)}>Keep my account</Button>
            <Button
              className="text-bad!"
              disabled={isBusy || typed.trim().toLowerCase() !== email}
              onClick={() => void request()}
            >
              Delete in seven days
            </Button>
          </>
        }
      >
        <div className="flex flex-col gap-4">
          <p className="text-ink-2">
            It goes in seven days, on {day}. Until then everything works, and every page offers to
            keep your account. Purchased credits are not paid out.
          </p>
          <TextField
            label={`Type ${email} to confirm`}
            type="email"
            autoComplete="off"
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
          {notice}
        </div>
      </Dialog>
    </>
  );
}
