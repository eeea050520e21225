import { afterEach, beforeEach, expect, test } from "vitest";
import { EndPin } from "./end-pin";

const VIEW = 100;

let scroller: HTMLElement;
let height: number;

beforeEach(() => {
  scroller = document.createElement("div");
  height = 1000;
  Object.defineProperty(scroller, "scrollHeight", { get: () => height });
  Object.defineProperty(scroller, "clientHeight", { get: () => VIEW });
});

let detach: () => void;
afterEach(() => detach());

function attached(isPinned: boolean): EndPin {
  const pin = new EndPin(isPinned);
  detach = pin.attach(scroller, document.createElement("div"));
  return pin;
}

function scrollTo(top: number): void {
  scroller.scrollTop = Math.min(top, height - VIEW);
  scroller.dispatchEvent(new Event("scroll"));
}

test("whoever scrolls down to the end follows it again", () => {
  const pin = attached(true);
  scroller.dispatchEvent(new WheelEvent("wheel", { deltaY: -10 }));
  scrollTo(400);
  expect(pin.isPinned()).toBe(false);
  scrollTo(height);
  expect(pin.isPinned()).toBe(true);
});

test.each([
  ["that was left elsewhere", () => attached(false)],
  [
    "where somebody was led elsewhere",
    () => {
      const pin = attached(true);
      scrollTo(0);
      pin.release();
      return pin;
    },
  ],
])("in a chat %s, the end that is met on the way there is not followed", (_, led) => {
  const pin = led();
  height = 300;
  scrollTo(500);
  expect(pin.isPinned()).toBe(false);
  height = 1000;
  scrollTo(500);
  scroller.dispatchEvent(new Event("pointerdown"));
  scrollTo(height);
  expect(pin.isPinned()).toBe(true);
});
