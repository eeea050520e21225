import { Link } from "react-router";
import { PlainPage } from "./plain-page";

/** What is not there and what is not yours look the same. */
export function NotFoundPage() {
  return (
    <PlainPage
      title="Nothing here."
      action={
        <Link to="/chat" className="font-[550] text-accent-text underline underline-offset-4">
          Start a new chat
        </Link>
      }
    >
      <p>This page does not exist, or it is not yours to see.</p>
    </PlainPage>
  );
}
