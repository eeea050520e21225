import { useConvexAuth } from "convex/react";
import { useNavigate } from "react-router";
import { PageTitle } from "../../components/page-title";
import { Pricing } from "../../features/billing/pricing";
import { PriceList } from "../../features/billing/price-list";
import { signInAddress } from "../../lib/return-address";
import { InFrame } from "../frame/slots";

/** `/pricing`, which anybody may read; whoever wants to buy signs in first. */
export default function PricingPage() {
  const { isAuthenticated } = useConvexAuth();
  const navigate = useNavigate();
  const signIn = () => void navigate(signInAddress("/pricing"));
  return (
    <main className="h-full overflow-y-auto">
      <PageTitle>Pricing</PageTitle>
      <InFrame slot="title">
        <h1 className="truncate font-[550]">Pricing</h1>
      </InFrame>
      <div className="mx-auto max-w-[1040px] px-7 py-8 max-wide:px-4 max-wide:py-6">
        {isAuthenticated ? (
          <Pricing />
        ) : (
          <PriceList onBuy={signIn} going={null} mayBuy isPro={false} />
        )}
      </div>
    </main>
  );
}
