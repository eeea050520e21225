import { useCallback } from "react";
import { useLocation, useNavigate } from "react-router";

/** Gives the page of a new chat its address. Who has gone elsewhere meanwhile is not pulled back. */
export function useGoToCreated() {
  const navigate = useNavigate();
  const { search } = useLocation();
  return useCallback(
    (displayId: string) => {
      // The new chat of a project is elsewhere too.
      const { location } = window;
      if (location.pathname === "/chat" && location.search === search) {
        void navigate(`/chat/${displayId}`, { replace: true });
      }
    },
    [navigate, search],
  );
}
