import { startTransition, StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { readConvexAddress } from "../lib/convex-address";
import { App } from "./app";
import { MissingSettingPage } from "./pages/missing-setting-page";
import { openedPage } from "./routes";
// Listens from the start, for whatever takes the focus later.
import "../lib/last-focus";
import "./theme.css";

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no element with the id root");

const address = readConvexAddress(document);
const page =
  address.kind === "set" ? <App url={address.url} /> : <MissingSettingPage address={address} />;
void openedPage.then(() => {
  // As a transition: drawn in small steps, between which the page answers.
  startTransition(() => createRoot(root).render(<StrictMode>{page}</StrictMode>));
});
