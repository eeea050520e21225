import { Image } from "@/components/icons";
import { type ComponentProps, useState } from "react";
import { Button } from "../../../components/button";

/**
 * A picture in an answer is on somebody's server, and loading it tells them who reads what. So it
 * is fetched when the person asks for it, and not before.
 */
export function RemoteImage({ src, alt }: ComponentProps<"img">) {
  const [wanted, setWanted] = useState(false);
  const url = typeof src === "string" && /^https?:\/\//i.test(src) ? src : null;
  if (url === null) return <span>{alt}</span>;
  if (wanted) return <img src={url} alt={alt ?? ""} referrerPolicy="no-referrer" />;
  return (
    <Button size="small" onClick={() => setWanted(true)}>
      <Image size={16} strokeWidth={1.75} aria-hidden="true" />
      Load picture from {hostOf(url)}
      {alt ? `: ${alt}` : ""}
    </Button>
  );
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : "elsewhere";
}
