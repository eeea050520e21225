import { useConvex } from "convex/react";
import { type ReactNode, useCallback, useEffect, useState, useSyncExternalStore } from "react";
import { useIsOffline } from "../lib/use-is-offline";

/** A break shorter than this heals by itself before anybody needs to know. */
const QUIET_MS = 2000;

/** On a narrow screen the bar has no room for more than the first word. */
const OFFLINE = (
  <>
    Offline.<span className="max-wide:sr-only"> Sending waits.</span>
  </>
);

/** Says, after a moment, that the line to the server is down. Typing and reading go on meanwhile. */
export function Reconnecting() {
  const isConnected = useIsConnected();
  const isOffline = useIsOffline();
  return (
    <span role="status" className="text-[13px] whitespace-nowrap text-ink-2">
      {(isOffline || !isConnected) && (
        <AfterAMoment>{isOffline ? OFFLINE : "Reconnecting…"}</AfterAMoment>
      )}
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
