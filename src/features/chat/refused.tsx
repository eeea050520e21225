import { Link, useLocation } from "react-router";
import { Notice } from "../../components/notice";
import type { Refusal } from "../../lib/error-sentence";
import { signInAddress } from "../../lib/return-address";

/** Above the composer: why the last send was refused. */
export function Refused({ refusal }: { readonly refusal: Refusal }) {
  return (
    <Notice announced className="mb-2.5" action={<WayOn refusal={refusal} />}>
      {refusal.sentence}
    </Notice>
  );
}

/** Where a refusal is set right, when that is on another page. */
function WayOn({ refusal: { code } }: { readonly refusal: Refusal }) {
  const { pathname } = useLocation();
  const to =
    code === "INSUFFICIENT_CREDITS"
      ? { address: "/pricing", label: "Get more credits" }
      : code === "UNAUTHENTICATED"
        ? { address: signInAddress(pathname), label: "Sign in" }
        : null;
  if (to === null) return null;
  return (
    <Link
      to={to.address}
      className="touch-target font-[550] text-accent-text underline decoration-1 underline-offset-3"
    >
      {to.label}
    </Link>
  );
}
