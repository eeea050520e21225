import { vi } from "vitest";

/** For tests with fake timers: a picture is on the screen as soon as it is asked for. */
export function stubPainting() {
  vi.stubGlobal("requestAnimationFrame", (then: () => void) => then());
  vi.stubGlobal(
    "MessageChannel",
    class {
      readonly port1 = {
        addEventListener: (_type: string, then: () => void) => queueMicrotask(then),
        start: () => undefined,
        close: () => undefined,
      };
      readonly port2 = { postMessage: () => undefined };
    },
  );
}
