import { ChevronLeft, ChevronRight } from "lucide-react";
import { Button } from "../../components/button";

/** `‹ 2/3 ›`: steps through the versions of a message. Nothing where there is but one. */
export function VersionSwitch({
  version,
  versionCount,
  disabled,
  onShow,
}: {
  readonly version: number;
  readonly versionCount: number;
  readonly disabled: boolean;
  readonly onShow: (version: number) => void;
}) {
  if (versionCount < 2) return null;
  return (
    <span
      role="group"
      aria-label="Versions"
      className="flex items-center text-[13px] text-ink-2 tabular-nums pointer-coarse:gap-2"
    >
      <Step
        label="Previous version"
        Icon={ChevronLeft}
        disabled={disabled || version === 1}
        onPress={() => onShow(version - 1)}
      />
      <span aria-live="polite" aria-label={`Version ${version} of ${versionCount}`} role="status">
        {version}/{versionCount}
      </span>
      <Step
        label="Next version"
        Icon={ChevronRight}
        disabled={disabled || version === versionCount}
        onPress={() => onShow(version + 1)}
      />
    </span>
  );
}

/** It stays in the order of focus at either end, so that stepping there does not lose the focus. */
function Step({
  label,
  Icon,
  disabled,
  onPress,
}: {
  readonly label: string;
  readonly Icon: typeof ChevronLeft;
  readonly disabled: boolean;
  readonly onPress: () => void;
}) {
  return (
    <Button
      kind="bare"
      size="icon-small"
      aria-label={label}
      title={label}
      aria-disabled={disabled}
      className="aria-disabled:cursor-default aria-disabled:opacity-40"
      onClick={disabled ? undefined : onPress}
    >
      <Icon size={15} strokeWidth={1.75} aria-hidden="true" />
    </Button>
  );
}
