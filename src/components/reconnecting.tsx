import { useConvexConnectionState } from "convex/react";
import { type ReactNode, useEffect, useState } from "react";

/** A break shorter than this heals by itself before anybody needs to know. */
const QUIET_MS = 2000;

/** Says, after a moment, that the line to the server is down. Typing and reading go on meanwhile. */
export function Reconnecting() {
  const { isWebSocketConnected } = useConvexConnectionState();
  return (
    <span role="status" className="text-[13px] whitespace-nowrap text-ink-2">
      {!isWebSocketConnected && <AfterAMoment>Reconnecting…</AfterAMoment>}
    </span>
  );
}

function AfterAMoment({ children }: { readonly children: ReactNode }) {
  const [isLate, setIsLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setIsLate(true), QUIET_MS);
    return () => clearTimeout(timer);
  }, []);
  return isLate ? children : null;
}
