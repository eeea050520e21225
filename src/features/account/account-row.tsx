import { convexQuery } from "@convex-dev/react-query";
import { useQuery } from "@tanstack/react-query";
import { LogOut } from "@/components/icons";
import { useNavigate } from "react-router";
import { api } from "../../../convex/_generated/api";
import { Button } from "../../components/button";

/** Who is signed in, and the way out. */
export function AccountRow() {
  const { data: viewer } = useQuery(convexQuery(api.account.viewer.current, {}));
  const { data: billing } = useQuery(convexQuery(api.billing.state.current, {}));
  const navigate = useNavigate();
  const email = viewer?.email ?? "";
  return (
    <div className="flex items-center gap-2.5 border-t border-line px-2 pt-2.5">
      <span
        aria-hidden="true"
        className="grid size-[30px] flex-none place-items-center rounded-full bg-accent-soft text-[11px] font-semibold text-accent-text uppercase"
      >
        {email.slice(0, 2)}
      </span>
      <span className="frame-words min-w-0 flex-1">
        <span className="block truncate text-[13.5px] leading-tight font-[550]" title={email}>
          {email}
        </span>
        <span className="block text-[13px] leading-snug text-ink-2">
          {billing !== undefined && billing.pro !== null ? "Pro" : "Free plan"}
        </span>
      </span>
      <Button
        kind="bare"
        size="icon-small"
        aria-label="Sign out"
        title="Sign out"
        onClick={() => navigate("/sign-out")}
      >
        <LogOut size={16} strokeWidth={1.75} aria-hidden="true" />
      </Button>
    </div>
  );
}
