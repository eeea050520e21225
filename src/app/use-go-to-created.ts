import { useCallback } from "react";
import { useNavigate } from "react-router";

/** Gives the page of a new chat its address. Who has gone elsewhere meanwhile is not pulled back. */
export function useGoToCreated() {
  const navigate = useNavigate();
  return useCallback(
    (displayId: string) => {
      if (window.location.pathname === "/chat") {
        void navigate(`/chat/${displayId}`, { replace: true });
      }
    },
    [navigate],
  );
}
