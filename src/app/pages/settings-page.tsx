import { PageTitle } from "../../components/page-title";
import { SettingsPanel } from "../../features/settings/settings-panel";
import { InFrame } from "../frame/slots";

/** `/settings`: the person's profile, presets and data. */
export default function SettingsPage() {
  return (
    <main className="h-full overflow-y-auto">
      <PageTitle>Settings</PageTitle>
      <InFrame slot="title">
        <h1 className="truncate font-[550]">Settings</h1>
      </InFrame>
      <div className="mx-auto max-w-[680px] px-7 py-8 max-wide:px-4 max-wide:py-5">
        <SettingsPanel />
      </div>
    </main>
  );
}
