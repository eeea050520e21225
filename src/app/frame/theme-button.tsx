import { Monitor, Moon, Sun } from "@/components/icons";
import { Button } from "../../components/button";
import { type ThemePreference, useThemePreference } from "../../lib/theme";

const THEMES = {
  light: { label: "light", Icon: Sun, next: "dark" },
  dark: { label: "dark", Icon: Moon, next: "system" },
  system: { label: "as the system", Icon: Monitor, next: "light" },
} as const satisfies Record<ThemePreference, { next: ThemePreference; [key: string]: unknown }>;

/** Steps through light, dark and the system's own. */
export function ThemeButton() {
  const [preference, setPreference] = useThemePreference();
  const { label, Icon, next } = THEMES[preference];
  const name = `Theme: ${label}`;
  return (
    <Button
      kind="bare"
      size="icon"
      aria-label={name}
      title={name}
      onClick={() => setPreference(next)}
    >
      <Icon size={17} strokeWidth={1.75} aria-hidden="true" />
    </Button>
  );
}
