import { useSearchParams } from "react-router";
import { PageTitle } from "../../components/page-title";
import { type Outcome, Returned, ReturnedFromPortal } from "../../features/billing/returned";
import { InFrame } from "../frame/slots";

/** `/billing/return`: where Autumn's pages lead back to. */
export default function BillingReturnPage() {
  const [parameters] = useSearchParams();
  const orderId = parameters.get("order");
  return (
    <main className="h-full overflow-y-auto">
      <PageTitle>Your purchase</PageTitle>
      <InFrame slot="title">
        <h1 className="truncate font-[550]">Your purchase</h1>
      </InFrame>
      {orderId === null ? (
        <ReturnedFromPortal />
      ) : (
        <Returned orderId={orderId} outcome={outcomeOf(parameters.get("outcome"))} />
      )}
    </main>
  );
}

function outcomeOf(text: string | null): Outcome {
  return text === "cancelled" || text === "declined" ? text : "finished";
}
