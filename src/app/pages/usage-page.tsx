import { PageTitle } from "../../components/page-title";
import { CreditsCard } from "../../features/credits/credits-card";
import { HistoryCard } from "../../features/credits/usage/history-card";
import { SpendingCard } from "../../features/credits/usage/spending-card";
import { InFrame } from "../frame/slots";

/** `/usage`: what there is, what the days cost, and every change of it. */
export default function UsagePage() {
  return (
    <main className="h-full overflow-y-auto">
      <PageTitle>Usage</PageTitle>
      <InFrame slot="title">
        <h1 className="truncate font-[550]">Usage</h1>
      </InFrame>
      <div className="mx-auto flex max-w-[1040px] flex-col gap-4 px-7 py-9 max-wide:px-4 max-wide:py-6">
        <div className="grid grid-cols-[1fr_1.8fr] gap-4 max-wide:grid-cols-1">
          <CreditsCard />
          <SpendingCard />
        </div>
        <HistoryCard />
      </div>
    </main>
  );
}
