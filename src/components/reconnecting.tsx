import { useConvex } from "convex/react";
import { type ReactNode, useCallback, useEffect, useState, useSyncExternalStore } from "react";

/** A break shorter than this heals by itself before anybody needs to know. */
const QUIET_MS = 2000;

/** Says, after a moment, that the line to the server is down. Typing and reading go on meanwhile. */
export function Reconnecting() {
  const isConnected = useIsConnected();
  return (
    <span role="status" className="text-[13px] whitespace-nowrap text-ink-2">
      {!isConnected && <AfterAMoment>Reconnecting…</AfterAMoment>}
    </span>
  );
}

/** The connection's state as a whole changes with every request that is sent. */
function useIsConnected(): boolean {
  const convex = useConvex();
  const subscribe = useCallback(
    (listener: () => void) => convex.subscribeToConnectionState(listener),
    [convex],
  );
  return useSyncExternalStore(subscribe, () => convex.connectionState().isWebSocketConnected);
}

function AfterAMoment({ children }: { readonly children: ReactNode }) {
  const [isLate, setIsLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setIsLate(true), QUIET_MS);
    return () => clearTimeout(timer);
  }, []);
  return isLate ? children : null;
}
