import { Link } from "react-router";
import { PageTitle } from "../../components/page-title";
import { PlainPage } from "./plain-page";

/** What is not there and what is not yours look the same. The way on leads to more of its kind. */
export function NotFoundPage({
  to = "/chat",
  way = "Start a new chat",
}: {
  readonly to?: string;
  readonly way?: string;
}) {
  return (
    <PlainPage
      title="Nothing here."
      action={
        <Link to={to} className="font-[550] text-accent-text underline underline-offset-4">
          {way}
        </Link>
      }
    >
      <PageTitle>Nothing here</PageTitle>
      <p>This page does not exist, or it is not yours to see.</p>
    </PlainPage>
  );
}
