import { clsx } from "clsx";
import {
  ChartNoAxesColumn,
  CreditCard,
  Folder,
  LayoutDashboard,
  MessageSquare,
  Settings,
} from "@/components/icons";
import { Link, NavLink } from "react-router";
import { Wordmark } from "../../components/wordmark";

export const PAGES = [
  { to: "/", label: "Dashboard", Icon: LayoutDashboard },
  { to: "/chat", label: "Chat AI", Icon: MessageSquare },
  { to: "/projects", label: "Projects", Icon: Folder },
  { to: "/usage", label: "Usage", Icon: ChartNoAxesColumn },
  { to: "/pricing", label: "Pricing", Icon: CreditCard },
  { to: "/settings", label: "Settings", Icon: Settings },
] as const;

/** The app's pages. */
export function PagesMenu() {
  return (
    <div className="frame-pages">
      <Link to="/" className="mb-3 flex w-fit rounded-lg px-2.5 py-1.5">
        <Wordmark />
      </Link>
      <nav aria-label="Pages" className="flex flex-1 flex-col gap-0.5">
        {PAGES.map(({ to, label, Icon }) => (
          <NavLink
            key={to}
            to={to}
            end={to === "/"}
            className={({ isActive }) =>
              clsx(
                "touch-target flex items-center gap-[11px] last:mt-auto rounded-[9px] px-2.5 py-2 transition-colors duration-150",
                isActive
                  ? "bg-shade font-[550] text-ink"
                  : "font-[450] text-ink-2 hover:bg-shade hover:text-ink",
              )
            }
          >
            <Icon size={18} strokeWidth={1.75} aria-hidden="true" />
            <span className="frame-words">{label}</span>
          </NavLink>
        ))}
      </nav>
    </div>
  );
}
