import { useCallback, useEffect, useRef } from "react";

/**
 * Says whether the component is still on the page. For what comes after an answer of the server:
 * whoever has closed a dialog or left a page meanwhile is not to be led anywhere by it.
 */
export function useIsThere(): () => boolean {
  const isThere = useRef(false);
  useEffect(() => {
    isThere.current = true;
    return () => {
      isThere.current = false;
    };
  }, []);
  return useCallback(() => isThere.current, []);
}
