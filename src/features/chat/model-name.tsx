import { useQuery } from "convex/react";
import { api } from "../../../convex/_generated/api";

/** The model that will answer. */
export function ModelName() {
  const model = useQuery(api.models.current.current, {});
  if (model === undefined) return null;
  return model.name === null ? (
    <span className="px-1.5 text-[13px] text-warn">no model set up</span>
  ) : (
    <span
      title={`${model.name} writes the answers`}
      className="max-w-32 truncate px-1.5 text-[13px] text-ink-2"
    >
      {model.name}
    </span>
  );
}
