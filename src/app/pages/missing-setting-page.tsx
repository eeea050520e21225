import { CONVEX_ADDRESS_SETTING, type ConvexAddress } from "../../lib/convex-address";
import { PlainPage } from "./plain-page";

/** For whoever installs Parley: which setting is missing, and where it goes. */
export function MissingSettingPage({
  address,
}: {
  readonly address: Exclude<ConvexAddress, { kind: "set" }>;
}) {
  const setting = <code className="font-mono text-sm text-ink">{CONVEX_ADDRESS_SETTING}</code>;
  return (
    <PlainPage title="One setting is missing.">
      {address.kind === "unset" ? (
        <p>This page was not told where its Convex deployment is: {setting} is not set.</p>
      ) : (
        <p>
          {setting} is “{address.value}”, which is not an address.
        </p>
      )}
      <p className="mt-3">
        Set it to the deployment’s address, for example https://your-name.convex.cloud, when
        building or serving the page, and load it again. To run everything on this machine, use
        <code className="font-mono text-sm text-ink"> npm start</code>.
      </p>
    </PlainPage>
  );
}
