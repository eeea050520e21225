import { useEffect, useState } from "react";

/** How long a line that the browser says is gone may take to prove that it is not, in milliseconds. */
const PROOF_MS = 1500;

/**
 * Whether the way to the product is cut off. The browser says at once when it has no network, long
 * before a silent socket is given up; but a product on the same machine needs none, so it is asked.
 */
export function useIsOffline(): boolean {
  const [isOffline, setIsOffline] = useState(false);
  useEffect(() => {
    let isCurrent = true;
    const look = async () => {
      const isCutOff = !navigator.onLine && !(await isReachable());
      if (isCurrent) setIsOffline(isCutOff && !navigator.onLine);
    };
    const onChange = () => void look();
    onChange();
    window.addEventListener("offline", onChange);
    window.addEventListener("online", onChange);
    return () => {
      isCurrent = false;
      window.removeEventListener("offline", onChange);
      window.removeEventListener("online", onChange);
    };
  }, []);
  return isOffline;
}

async function isReachable(): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(PROOF_MS);
    await fetch("/theme.js", { method: "HEAD", cache: "no-store", signal });
    return true;
  } catch {
    return false;
  }
}
