import { CircleAlert, CircleCheck, TriangleAlert } from "@/components/icons";
import { useEffect } from "react";
import { Toaster as Sonner } from "sonner";
import { toasterIsThere } from "../lib/toast";

const ICON = { size: 17, strokeWidth: 1.75, "aria-hidden": true } as const;

/** Where toasts appear: below the navigation bar, so that they cover neither it nor the composer. */
export default function Toaster() {
  useEffect(toasterIsThere, []);
  return (
    <Sonner
      position="top-center"
      // Each in its own place from the start: a pile opens under the pointer, and its buttons move.
      expand
      offset={{ top: 66 }}
      mobileOffset={{ top: 62, left: 12, right: 12 }}
      containerAriaLabel="Notifications"
      icons={{
        success: <CircleCheck {...ICON} className="text-good" />,
        warning: <TriangleAlert {...ICON} className="text-warn" />,
        error: <CircleAlert {...ICON} className="text-bad" />,
      }}
      toastOptions={{
        unstyled: true,
        classNames: {
          toast:
            "flex w-full min-[600px]:w-[380px] items-start gap-2.5 rounded-xl border border-line bg-raised px-4 py-3 font-sans text-sm text-ink shadow-float",
          icon: "mt-0.5 flex-none",
          content: "min-w-0 flex-1 self-center",
          title: "leading-snug font-[550]",
          description: "mt-0.5 leading-snug text-ink-2",
          actionButton:
            "touch-target flex-none cursor-pointer self-center rounded-lg border border-line px-2.5 py-1 text-[13.5px] font-[550] text-accent-text hover:bg-shade",
        },
      }}
    />
  );
}
