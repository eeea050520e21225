import type { LucideIcon } from "@/components/icons";
import { clsx } from "clsx";
import { Button } from "./button";

/**
 * A small button that is an icon, with its name for screen readers and under the pointer. What is
 * `disabled` stays in the order of focus, so that it does not lose the focus when it becomes so.
 */
export function IconButton({
  label,
  Icon,
  onPress,
  disabled = false,
  isPressed,
}: {
  readonly label: string;
  readonly Icon: LucideIcon;
  readonly onPress: () => void;
  readonly disabled?: boolean;
  /** Only for what stays pressed. */
  readonly isPressed?: boolean;
}) {
  return (
    <Button
      kind="bare"
      size="icon-small"
      aria-label={label}
      title={label}
      aria-pressed={isPressed}
      aria-disabled={disabled || undefined}
      className={clsx(
        "aria-disabled:cursor-default aria-disabled:opacity-40",
        isPressed === true && "text-accent-text!",
      )}
      onClick={disabled ? undefined : onPress}
    >
      <Icon
        size={15}
        strokeWidth={1.75}
        className={clsx(isPressed === true && "fill-current")}
        aria-hidden="true"
      />
    </Button>
  );
}
