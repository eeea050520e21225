/** The place of messages that take longer than a moment to come. */
export function ThreadSkeleton() {
  return (
    <div className="flex animate-late flex-col gap-[22px]" aria-hidden="true">
      <div className="h-11 w-2/5 self-end rounded-bubble rounded-br-[5px] bg-accent-soft" />
      <div className="h-40 w-[94%] rounded-bubble rounded-bl-[5px] bg-answer" />
    </div>
  );
}
