import { act, renderHook } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { COMMANDS } from "../../lib/commands";
import {
  areChanged,
  chooseBinding,
  currentBindings,
  isBinding,
  resetBindings,
  useBindings,
} from "./bindings";

const KEY = "parley:shortcuts";
const stored = () => JSON.parse(localStorage.getItem(KEY) ?? "null") as unknown;

afterEach(() => localStorage.clear());

test("every command has its usual keys until others are chosen", () => {
  expect(areChanged(currentBindings())).toBe(false);
  for (const [id, { binding }] of Object.entries(COMMANDS)) {
    expect(currentBindings()).toHaveProperty(id, binding);
  }
});

test("what is chosen is kept by the command's id, and what is usual again is not", () => {
  chooseBinding("new-chat", "$mod+Shift+KeyY");
  chooseBinding("stop", "F2");
  expect(stored()).toEqual({ "new-chat": "$mod+Shift+KeyY", stop: "F2" });
  expect(currentBindings()).toMatchObject({ "new-chat": "$mod+Shift+KeyY", stop: "F2" });
  chooseBinding("stop", COMMANDS.stop.binding);
  expect(stored()).toEqual({ "new-chat": "$mod+Shift+KeyY" });
  chooseBinding("new-chat", COMMANDS["new-chat"].binding);
  expect(stored()).toBeNull();
});

test("a reset brings all usual keys back and leaves nothing behind", () => {
  chooseBinding("new-chat", "$mod+Shift+KeyY");
  chooseBinding("palette", "F3");
  expect(areChanged(currentBindings())).toBe(true);
  resetBindings();
  expect(areChanged(currentBindings())).toBe(false);
  expect(localStorage).toHaveLength(0);
});

test.each([
  ["broken JSON", "{"],
  ["no object", "7"],
  ["nothing", "null"],
  ["a list", '["F2"]'],
  ["unknown commands", '{"fly":"F2","toString":"F3","__proto__":"F4"}'],
  ["a command without keys", '{"share-chat":"F2"}'],
  ["no text", '{"new-chat":7}'],
  ["no binding", '{"new-chat":"$mod+Hello"}'],
  ["a letter alone", '{"new-chat":"KeyA"}'],
  ["modifiers alone", '{"new-chat":"$mod+Shift"}'],
  ["several presses", '{"new-chat":"$mod+KeyY $mod+KeyY"}'],
  ["an expression", '{"new-chat":"$mod+(.*)"}'],
])("stored %s counts as none", (_, content) => {
  localStorage.setItem(KEY, content);
  expect(areChanged(currentBindings())).toBe(false);
});

test("beside what makes no sense, the rest counts", () => {
  localStorage.setItem(KEY, '{"fly":"F2","stop":"KeyA","palette":"F3"}');
  expect(currentBindings()).toMatchObject({ stop: "Escape", palette: "F3" });
});

test("all usual keys but Esc may be chosen", () => {
  const usual = Object.values(COMMANDS).map(({ binding }) => binding);
  expect(usual.filter((binding) => binding !== null && !isBinding(binding))).toEqual(["Escape"]);
});

test("a component follows what is chosen here and in another tab, and rests in between", () => {
  const drawn: unknown[] = [];
  const { result, rerender } = renderHook(() => {
    const bindings = useBindings();
    drawn.push(bindings);
    return bindings;
  });
  rerender();
  expect(drawn[1]).toBe(drawn[0]);
  act(() => chooseBinding("palette", "F3"));
  expect(result.current.palette).toBe("F3");
  localStorage.setItem(KEY, '{"palette":"F4"}');
  act(() => void window.dispatchEvent(new Event("storage")));
  expect(result.current.palette).toBe("F4");
});
