import { Link, useParams } from "react-router";
import { PageTitle } from "../../components/page-title";
import { Wordmark } from "../../components/wordmark";
import { SharedChat } from "../../features/chat/sharing/shared-chat";
import { ThemeButton } from "../frame/theme-button";
import { PlainPage } from "./plain-page";

/** `/share/…`: a shared chat, for anybody. Search engines and other sites are told nothing of it. */
export default function SharedChatPage() {
  const token = useParams().token ?? "";
  return (
    <div className="flex h-full flex-col overflow-y-auto print:block print:h-auto print:overflow-visible">
      <meta name="robots" content="noindex" />
      <meta name="referrer" content="no-referrer" />
      <header className="flex h-14 flex-none items-center justify-between border-b border-line px-[22px] max-wide:px-3.5">
        <Link to="/" className="rounded-lg">
          <Wordmark />
        </Link>
        <ThemeButton />
      </header>
      <div className="flex-1">
        <SharedChat key={token} token={token} absent={<NoSuchLink />} />
      </div>
    </div>
  );
}

function NoSuchLink() {
  return (
    <>
      <PageTitle>Nothing here</PageTitle>
      <PlainPage
        title="Nothing here."
        action={
          <Link to="/" className="font-[550] text-accent-text underline underline-offset-4">
            Go to Parley
          </Link>
        }
      >
        <p>This link does not exist, has expired, or was taken back by whoever shared the chat.</p>
      </PlainPage>
    </>
  );
}
