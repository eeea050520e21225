import { matchKeybindingPress, parseKeybinding } from "tinykeys";
import { describe, expect, test } from "vitest";
import { type Bindings, currentBindings } from "./bindings";
import { keyNames } from "./key-names";
import { bindingOf, type Press, refusalOf } from "./record-keys";

type Modifier = "Control" | "Alt" | "Shift" | "Meta" | "AltGraph";

/** A press of the key at `code`, with these modifiers down. */
function press(code: string, down: readonly Modifier[] = [], key = code): Press {
  return {
    code,
    key,
    ctrlKey: down.includes("Control"),
    altKey: down.includes("Alt"),
    shiftKey: down.includes("Shift"),
    metaKey: down.includes("Meta"),
    getModifierState: (name) => down.includes(name as Modifier),
  };
}

const bindings: Bindings = { ...currentBindings(), "next-chat": "F8" };
const refusal = (binding: string, isMac = false) => refusalOf(binding, "new-chat", bindings, isMac);

describe("what is pressed becomes a binding", () => {
  test.each([
    ["KeyO", ["Control", "Shift"], "$mod+Shift+KeyO", ["Ctrl", "Shift", "O"]],
    ["KeyY", ["Control", "Alt"], "$mod+Alt+KeyY", ["Ctrl", "Alt", "Y"]],
    ["Digit1", ["Alt"], "Alt+Digit1", ["Alt", "1"]],
    ["Numpad1", ["Alt"], "Alt+Numpad1", ["Alt", "Num 1"]],
    ["ArrowUp", ["Alt", "Shift"], "Alt+Shift+ArrowUp", ["Alt", "Shift", "↑"]],
    ["PageDown", ["Control"], "$mod+PageDown", ["Ctrl", "Page ↓"]],
    ["BracketLeft", ["Control"], "$mod+BracketLeft", ["Ctrl", "["]],
    ["IntlBackslash", ["Alt"], "Alt+IntlBackslash", ["Alt", "\\"]],
    ["Space", ["Control"], "$mod+Space", ["Ctrl", "Space"]],
    ["Escape", ["Shift"], "Shift+Escape", ["Shift", "Esc"]],
    ["F2", [], "F2", ["F2"]],
    ["F12", ["Shift"], "Shift+F12", ["Shift", "F12"]],
  ] as const)("%s with %j: %s", (code, down, binding, names) => {
    const keys = press(code, down);
    expect(bindingOf(keys, false)).toBe(binding);
    expect(keyNames(binding)).toEqual(names);
    const [parsed] = parseKeybinding(binding);
    if (parsed === undefined) throw new Error(`${binding} is no binding`);
    expect(matchKeybindingPress(keys as KeyboardEvent, parsed)).toBe(true);
    const free = { ...bindings, "focus-composer": null };
    expect(refusalOf(binding, "new-chat", { ...free, "new-chat": binding }, false)).toBeNull();
  });

  test.each(["Shift", "Control", "Alt", "AltGraph", "Meta", "CapsLock"])(
    "%s alone is not one yet",
    (key) => {
      expect(bindingOf(press(`${key}Left`, [], key), false)).toBeNull();
    },
  );

  test("on a Mac Cmd is $mod, and Option is not AltGr", () => {
    expect(bindingOf(press("KeyJ", ["Meta", "Shift"]), true)).toBe("$mod+Shift+KeyJ");
    expect(bindingOf(press("KeyJ", ["Alt", "AltGraph"]), true)).toBe("Alt+KeyJ");
  });
});

describe("keys are refused", () => {
  test.each([
    ["what another command has", "$mod+KeyK", "Ctrl K belongs to “Search and commands”."],
    ["what another was given", "F8", "F8 belongs to “Next chat”."],
    ["a letter", "KeyX", "A key alone is needed for writing. Hold Ctrl or Alt with it."],
    ["a capital letter", "Shift+KeyX", "A key alone is needed for writing."],
    ["a digit", "Digit5", "A key alone is needed for writing."],
    ["Enter", "Enter", "A key alone is needed for writing."],
    ["Tab", "Tab", "A key alone is needed for writing."],
    ["Space", "Space", "A key alone is needed for writing."],
    ["an arrow", "Shift+ArrowUp", "A key alone is needed for writing."],
    ["a key that is not for shortcuts", "$mod+AudioVolumeUp", "This key cannot be part"],
    ["a key without a name", "$mod+", "This key cannot be part"],
    ["closing a window", "Alt+F4", "Alt F4 is needed by the browser"],
    ["a word's step", "$mod+Shift+ArrowLeft", "Ctrl Shift ← is needed by the browser"],
    ["zoom", "$mod+Minus", "Ctrl - is needed by the browser"],
    ["AltGr", "AltGraph+KeyQ", "AltGr is needed for writing. Use Ctrl or Alt."],
    ["AltGr on Windows", "$mod+AltGraph+KeyQ", "AltGr is needed for writing."],
    ["the Windows key", "Meta+KeyJ", "The Windows key belongs to the computer itself."],
  ])("%s: %s", (_, binding, sentence) => {
    expect(refusal(binding)).toContain(sentence);
  });

  const letters = [..."WTNQCVXAZRLFPS"].map((letter) => `Key${letter}`);
  test.each([...letters, "Tab", "Enter"])("$mod+%s, which the browser needs", (code) => {
    expect(refusal(`$mod+${code}`)).toContain("is needed by the browser or for editing text.");
  });

  test("Ctrl on a Mac", () => {
    expect(bindingOf(press("KeyJ", ["Control"]), true)).toBe("Control+KeyJ");
    expect(refusal("Control+KeyJ", true)).toBe(
      "Ctrl belongs to the Mac itself. Use Cmd or Option.",
    );
  });
});

test("a command may have the keys that it has, and those that another gave up", () => {
  expect(refusal("$mod+Shift+KeyO")).toBeNull();
  expect(refusal("Alt+ArrowDown")).toBeNull();
});
