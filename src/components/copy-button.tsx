import { Check, Copy } from "@/components/icons";
import { useEffect, useState } from "react";
import { copyText } from "../lib/copy-text";
import { Button } from "./button";

const SHOWN_MS = 1600;

/** Copies a text and says so in place for a moment. With a `label` the word stands beside the icon. */
export function CopyButton({
  text,
  what,
  label,
  disabled = false,
}: {
  readonly text: string;
  /** What is copied, for the button's name: "code", "message". */
  readonly what: string;
  readonly label?: string;
  readonly disabled?: boolean;
}) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [copied]);

  async function copy() {
    if (await copyText(text)) setCopied(true);
  }

  const Icon = copied ? Check : Copy;
  return (
    <Button
      kind="bare"
      size={label === undefined ? "icon-small" : "small"}
      className={
        label === undefined ? "" : "min-h-6! gap-1.5! font-sans px-1.5! text-xs! font-medium!"
      }
      aria-label={copied ? "Copied" : `Copy ${what}`}
      disabled={disabled}
      onClick={() => void copy()}
    >
      <Icon size={label === undefined ? 15 : 13} strokeWidth={1.75} aria-hidden="true" />
      {label !== undefined && (copied ? "Copied" : label)}
    </Button>
  );
}
