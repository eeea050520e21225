import type { ComponentProps } from "react";
import { Button } from "../../components/button";

/** A button that leads to another site: it says so while the way is prepared, and stays as wide. */
export function BuyButton({
  isGoing,
  children,
  ...rest
}: ComponentProps<typeof Button> & { readonly isGoing: boolean }) {
  return (
    <Button aria-busy={isGoing} {...rest}>
      <span className="grid">
        <span className={isGoing ? "invisible" : ""} style={{ gridArea: "1 / 1" }}>
          {children}
        </span>
        {isGoing && (
          <span aria-hidden="true" style={{ gridArea: "1 / 1" }}>
            One moment…
          </span>
        )}
      </span>
    </Button>
  );
}
