import { ChevronLeft, ChevronRight } from "@/components/icons";
import { IconButton } from "../../../components/icon-button";

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
      <IconButton
        label="Previous version"
        Icon={ChevronLeft}
        disabled={disabled || version === 1}
        onPress={() => onShow(version - 1)}
      />
      <span aria-live="polite" aria-label={`Version ${version} of ${versionCount}`} role="status">
        {version}/{versionCount}
      </span>
      <IconButton
        label="Next version"
        Icon={ChevronRight}
        disabled={disabled || version === versionCount}
        onPress={() => onShow(version + 1)}
      />
    </span>
  );
}
