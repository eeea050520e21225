import { useState } from "react";
import { useLocation, useNavigate } from "react-router";
import { onDemand } from "../../components/on-demand";
import { useCommand } from "../../lib/commands";
import { useShortcuts } from "./use-shortcuts";

const Palette = onDemand(() => import("./palette"));
const ShortcutsDialog = onDemand(() => import("./shortcuts-dialog"));

/** Listens for shortcuts on every private page, and opens the palette and the list of shortcuts. */
export function CommandHost() {
  const [opened, setOpened] = useState<"palette" | "shortcuts" | null>(null);
  const navigate = useNavigate();
  // The chat page knows more about its new chats.
  const onChat = useLocation().pathname.startsWith("/chat");
  useShortcuts();
  useCommand("palette", () => setOpened("palette"));
  useCommand("shortcuts", () => setOpened("shortcuts"));
  useCommand("new-chat", onChat ? null : () => void navigate("/chat"));
  const close = () => setOpened(null);
  return (
    <>
      {opened === "palette" && <Palette onClose={close} />}
      {opened === "shortcuts" && <ShortcutsDialog onClose={close} />}
    </>
  );
}
