import { type ComponentType, createElement, type ReactNode, useEffect, useState } from "react";

interface OnDemand<Props> {
  (props: Props): ReactNode;
  /** Fetches the script for somebody who is about to want it. */
  readonly prepare: () => void;
}

/**
 * A component whose script is fetched when it is first shown; until then nothing is in its place.
 * A script that cannot be fetched is an error of the page, and asked for again the next time.
 *
 * Not `React.lazy`: React shows what had to be waited for no sooner than 300 ms after it showed the
 * waiting, also when the script was here already.
 */
export function onDemand<Props extends object>(
  load: () => Promise<{ readonly default: ComponentType<Props> }>,
): OnDemand<Props> {
  let component: ComponentType<Props> | null = null;
  let loading: Promise<ComponentType<Props>> | null = null;

  async function fetchOnce() {
    loading ??= load().then((module) => module.default);
    try {
      component = await loading;
      return component;
    } catch (error) {
      loading = null;
      throw error;
    }
  }

  function Shown(props: Props) {
    const [shown, setShown] = useState(() => component);
    const [failure, setFailure] = useState<{ readonly error: unknown } | null>(null);
    useEffect(() => {
      let isWanted = true;
      fetchOnce().then(
        (fetched) => isWanted && setShown(() => fetched),
        (error: unknown) => isWanted && setFailure({ error }),
      );
      return () => {
        isWanted = false;
      };
    }, []);
    if (failure !== null) throw failure.error;
    return shown && createElement(shown, props);
  }
  return Object.assign(Shown, { prepare: () => void fetchOnce().catch(() => undefined) });
}
