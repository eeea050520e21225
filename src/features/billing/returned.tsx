import { convexQuery } from "@convex-dev/react-query";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Navigate } from "react-router";
import { api } from "../../../convex/_generated/api";
import { PRO } from "../../../convex/billing/plans";
import { Button, ButtonLink } from "../../components/button";
import { openBuyCredits } from "../../lib/buy-credits";
import { arrivedWords } from "./plan-words";
import { useSettle } from "./use-settle";
import { wayBack } from "../../lib/way-back";

/** How a checkout ended, as far as its page said. The invoice alone tells whether it was paid. */
export type Outcome = "finished" | "cancelled" | "declined";

/** After the checkout: what became of it, and the way back to what it was for. */
export function Returned({
  orderId,
  outcome,
}: {
  readonly orderId: string;
  readonly outcome: Outcome;
}) {
  const { data: order } = useQuery(convexQuery(api.billing.orders.byId, { orderId }));
  const isWaiting = order !== undefined && order !== null && order.status !== "fulfilled";
  const { isOut, isLong } = useSettle(isWaiting);

  if (order === undefined) return null;
  if (order === null) return <NoSuchOrder />;
  if (order.status === "fulfilled") {
    return (
      <Message title={arrivedWords(order.planId)} action={<GoOn />}>
        {order.planId === PRO.planId ? "Nothing is counted from now on." : <Balance />}
      </Message>
    );
  }
  if (outcome !== "finished") return <NotPaid outcome={outcome} />;
  return (
    <Message title="Processing your payment" busy action={isLong ? <GoOn /> : undefined}>
      {isOut
        ? "The payment service cannot be reached right now. If you paid, what you bought appears by itself as soon as it can."
        : isLong
          ? "Still processing. You need not wait here: what you bought appears by itself as soon as the payment is confirmed."
          : "Your payment is processing. This takes a moment."}
    </Message>
  );
}

/** Back from the billing portal, where nothing is bought: what was changed there shows on the way. */
export function ReturnedFromPortal() {
  const { answered, isOut } = useSettle(true);
  if (answered || isOut) return <Navigate to="/pricing" replace />;
  return (
    <Message title="One moment" busy>
      Your plan is read again.
    </Message>
  );
}

function NotPaid({ outcome }: { readonly outcome: "cancelled" | "declined" }) {
  return (
    <Message
      title={outcome === "declined" ? "The payment was declined." : "You left the checkout."}
      action={
        <>
          <Button kind="primary" onClick={openBuyCredits}>
            Try again
          </Button>
          <ButtonLink to={wayBack()}>Back to where you were</ButtonLink>
        </>
      }
    >
      {outcome === "declined"
        ? "Your bank refused it. Nothing was charged, and no credits were added. You can try again with another card."
        : "Nothing was charged, and no credits were added."}
    </Message>
  );
}

function NoSuchOrder() {
  return (
    <Message title="Nothing was bought here." action={<ButtonLink to="/usage">Usage</ButtonLink>}>
      This address belongs to no purchase of yours. All that you bought stands under Usage.
    </Message>
  );
}

function Balance() {
  const { data: credits } = useQuery(convexQuery(api.credits.usage.current, {}));
  if (credits === undefined) return null;
  return (
    <>
      You have {credits.creditsRemaining.toLocaleString("en")} credits now. Bought credits never
      expire.
    </>
  );
}

function GoOn() {
  const back = wayBack();
  const isChat = back.startsWith("/chat");
  return (
    <>
      <ButtonLink to={back} kind="primary">
        {isChat ? "Back to your message" : "Go on"}
      </ButtonLink>
      <ButtonLink to="/usage">Receipts</ButtonLink>
    </>
  );
}

function Message({
  title,
  children,
  action,
  busy = false,
}: {
  readonly title: string;
  readonly children: ReactNode;
  readonly action?: ReactNode;
  readonly busy?: boolean;
}) {
  return (
    <div className="grid h-full min-h-80 place-items-center overflow-auto px-6 py-10">
      <div className="w-full max-w-md">
        <div role="status" aria-busy={busy}>
          <h2 className="font-display text-[34px] leading-tight tracking-[-0.015em]">{title}</h2>
          <p className="mt-2 text-base leading-relaxed text-ink-2">{children}</p>
        </div>
        <div className="mt-6 flex min-h-10 flex-wrap gap-2">{action}</div>
      </div>
    </div>
  );
}
