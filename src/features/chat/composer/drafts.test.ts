import { afterEach, expect, test, vi } from "vitest";
import { Drafts, NEW_CHAT, newChatOf } from "./drafts";

const drafts = (owner = "ana") => new Drafts(localStorage, owner);
const BESIDES = { attachments: [], includesContext: null, model: null };
const SEND = { text: "How high is the tide?", ...BESIDES, clientKey: "key-1" };

afterEach(() => localStorage.clear());

test("a draft survives a reload", () => {
  drafts().type("CH-000001", "half a thou");
  expect(drafts().get("CH-000001")).toMatchObject({ text: "half a thou", clientKey: null });
});

test("each chat and each person has their own", () => {
  drafts().type("CH-000001", "for one");
  expect(drafts().get("CH-000002").text).toBe("");
  expect(drafts().get(NEW_CHAT).text).toBe("");
  expect(drafts("bo").get("CH-000001").text).toBe("");
});

test("a draft that was emptied comes back empty", () => {
  drafts().type("CH-000001", "something");
  drafts().type("CH-000001", "");
  expect(drafts().get("CH-000001").text).toBe("");
  expect(localStorage).toHaveLength(0);
});

test("a text on its way is kept until the server has settled it", () => {
  const before = drafts();
  before.type("CH-000001", SEND.text);
  before.startSend("CH-000001", SEND);
  expect(before.get("CH-000001").text).toBe("");

  const afterReload = drafts();
  expect(afterReload.unsettled("CH-000001")).toEqual([SEND]);
  afterReload.settle("CH-000001", SEND.clientKey);
  expect(drafts().unsettled("CH-000001")).toEqual([]);
  expect(localStorage).toHaveLength(0);
});

test("a refused text returns to the composer under its own key, and editing it makes it another send", () => {
  const store = drafts();
  store.startSend("CH-000001", SEND);
  store.putBack("CH-000001", SEND);
  expect(store.get("CH-000001")).toEqual(SEND);
  expect(store.unsettled("CH-000001")).toEqual([]);
  store.type("CH-000001", `${SEND.text} Today?`);
  expect(store.get("CH-000001").clientKey).toBeNull();
});

test("a refused text does not push out what was typed meanwhile", () => {
  const store = drafts();
  store.startSend("CH-000001", SEND);
  store.type("CH-000001", "And tomorrow?");
  store.putBack("CH-000001", SEND);
  expect(store.get("CH-000001").text).toBe("How high is the tide?\n\nAnd tomorrow?");
});

test("a question that was asked elsewhere leaves the draft alone", () => {
  const store = drafts();
  store.type(NEW_CHAT, "half a thou");
  store.startSend(NEW_CHAT, SEND);
  expect(store.get(NEW_CHAT).text).toBe("half a thou");
});

test("two new chats on their way at once are both kept", () => {
  const other = { text: "And the moon?", ...BESIDES, clientKey: "key-2" };
  drafts().startSend(NEW_CHAT, SEND);
  drafts().startSend(NEW_CHAT, other);
  drafts().settle(NEW_CHAT, SEND.clientKey);
  expect(drafts().unsettled(NEW_CHAT)).toEqual([other]);
});

test("what was typed while a new chat was made moves to its address", () => {
  const store = drafts();
  store.type(NEW_CHAT, "next question");
  store.move(NEW_CHAT, "CH-000007");
  expect(store.get("CH-000007").text).toBe("next question");
  expect(store.get(NEW_CHAT).text).toBe("");
});

test("storage that is full or holds nonsense stops nobody from typing", () => {
  const full = {
    getItem: () => "{nonsense",
    setItem: () => {
      throw new Error("full");
    },
    removeItem: vi.fn(),
  };
  const store = new Drafts(full as unknown as Storage, "ana");
  expect(store.get("CH-000001").text).toBe("");
  store.type("CH-000001", "still here");
  expect(store.get("CH-000001").text).toBe("still here");
  store.keepEdit("CH-000001", "key-1", "and here");
  expect(store.edit("CH-000001", "key-1")).toBe("and here");
});

test("readers are told of changes, and an unchanged draft is the same object", () => {
  const store = drafts();
  const listener = vi.fn();
  const stop = store.subscribe(listener);
  store.type("CH-000001", "a");
  expect(listener).toHaveBeenCalledOnce();
  expect(store.get("CH-000001")).toBe(store.get("CH-000001"));
  stop();
  store.type("CH-000001", "ab");
  expect(listener).toHaveBeenCalledOnce();
});

test("attachments and what is chosen are kept like the text, and come back with it", () => {
  const attachments = [{ name: "Pasted text", text: "long" }];
  drafts().type(NEW_CHAT, "Sum this up");
  const choices = { includesContext: true, model: "o3" };
  drafts().change(NEW_CHAT, { attachments, ...choices });
  const store = drafts();
  expect(store.get(NEW_CHAT)).toMatchObject({ text: "Sum this up", attachments });

  const send = { text: "Sum this up", attachments, ...choices, clientKey: "key-1" };
  store.startSend(NEW_CHAT, send);
  // What was chosen is shown until the chat is made.
  expect(store.get(NEW_CHAT)).toMatchObject({ text: "", attachments: [], ...choices });
  const afterReload = drafts();
  expect(afterReload.get(NEW_CHAT).attachments).toEqual([]);
  expect(afterReload.unsettled(NEW_CHAT)).toEqual([send]);
  afterReload.putBack(NEW_CHAT, send);
  expect(drafts().get(NEW_CHAT)).toEqual(send);
});

test("what was chosen for a new chat goes with it, and not to the next one", () => {
  const store = drafts();
  const choices = { includesContext: false, model: "o3" };
  store.change(NEW_CHAT, choices);
  expect(drafts().get(NEW_CHAT)).toMatchObject(choices);
  store.move(NEW_CHAT, "CH-000001");
  expect(store.get("CH-000001")).toMatchObject(choices);
  expect(drafts().get(NEW_CHAT)).toMatchObject({ includesContext: null, model: null });
});

test("what came back and what was attached meanwhile are both there", () => {
  const store = drafts();
  const one = { name: "One", text: "1" };
  const two = { name: "Two", text: "2" };
  store.change("CH-000001", { attachments: [two] });
  store.putBack("CH-000001", { ...SEND, attachments: [one] });
  expect(store.get("CH-000001")).toMatchObject({ text: SEND.text, attachments: [one, two] });
});

test("a send of an older page, without attachments, comes back whole", () => {
  const old = { text: "How high?", clientKey: "key-1" };
  localStorage.setItem("parley:unsettled:ana:CH-000001", JSON.stringify([old, { text: "x" }]));
  expect(drafts().unsettled("CH-000001")).toEqual([{ ...old, ...BESIDES }]);
});

/** What a browser tells the other tabs. */
function tellOthers(key: string | null) {
  window.dispatchEvent(new StorageEvent("storage", { key, storageArea: localStorage }));
}

test("what is typed in one tab stands in the other, and goes on from there", () => {
  const [one, other] = [drafts(), drafts()];
  other.type("CH-000002", "elsewhere");
  expect(other.get("CH-000001").text).toBe("");
  const listener = vi.fn();
  other.subscribe(listener);
  one.type("CH-000001", "half a thou");
  const untouched = other.get("CH-000002");
  tellOthers("parley:draft:ana:CH-000001");
  expect(listener).toHaveBeenCalledOnce();
  expect(other.get("CH-000001").text).toBe("half a thou");
  expect(other.get("CH-000002")).toBe(untouched);

  one.change("CH-000001", { attachments: [{ name: "One", text: "1" }] });
  tellOthers("parley:attached:ana:CH-000001");
  other.type("CH-000001", "half a thought");
  expect(drafts().get("CH-000001")).toMatchObject({
    text: "half a thought",
    attachments: [{ name: "One", text: "1" }],
  });
  localStorage.clear();
  tellOthers(null);
  expect(other.get("CH-000001").text).toBe("");
});

test("a new chat in another tab is another one, and takes nothing from this one", () => {
  const [one, other] = [drafts(), drafts()];
  one.type(NEW_CHAT, "first question");
  other.type(NEW_CHAT, "second question");
  tellOthers(`parley:draft:ana:${NEW_CHAT}`);
  const sent = { ...other.get(NEW_CHAT), clientKey: "key" };
  other.startSend(NEW_CHAT, sent);
  tellOthers(`parley:draft:ana:${NEW_CHAT}`);
  expect(one.get(NEW_CHAT).text).toBe("first question");
  localStorage.clear();
  tellOthers(null);
  expect(one.get(NEW_CHAT).text).toBe("");
});

test("a new chat of a project has a draft of its own, with its choices", () => {
  const place = newChatOf("PR-000001");
  drafts().type(NEW_CHAT, "for nobody");
  drafts().change(place, { model: "o3" });
  expect(drafts().get(place)).toMatchObject({ text: "", model: "o3" });
  expect(drafts().get(NEW_CHAT)).toMatchObject({ text: "for nobody", model: null });
});

test("what was typed for a queued message that is gone comes before what the composer holds", () => {
  drafts().type("CH-000001", "And the moon?");
  drafts().keepEdit("CH-000001", "key-1", "How high is the tide on Sunday?");
  const store = drafts();
  expect(store.edited("CH-000001")).toEqual(["key-1"]);
  expect(store.edit("CH-000001", "key-1")).toBe("How high is the tide on Sunday?");
  store.releaseEdit("CH-000001", "key-1");
  expect(store.get("CH-000001").text).toBe("How high is the tide on Sunday?\n\nAnd the moon?");
  expect(drafts().edited("CH-000001")).toEqual([]);
});
