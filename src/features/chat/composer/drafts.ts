/** A long text beside the message itself. */
export interface DraftAttachment {
  readonly name: string;
  readonly text: string;
}

/** What a message consists of when it is sent. */
export interface MessageDraft {
  readonly text: string;
  readonly attachments: readonly DraftAttachment[];
  /** For a chat that is to be made: whether the model is told of projects and tasks. `null` as preset. */
  readonly includesContext: boolean | null;
  /** For a chat that is to be made: the model that answers. `null` as preset. */
  readonly model: string | null;
}

/**
 * What a person has typed and not yet sent, kept in this browser per person and chat, so that it
 * survives a reload, a failed send and an expired session.
 */
export interface Draft extends MessageDraft {
  /** Set when exactly this text was sent under this key without an answer: it is then resent as the same send. */
  readonly clientKey: string | null;
}

/** A message on its way to the server. Kept until the server accepted or refused it. */
export interface UnsettledSend extends MessageDraft {
  readonly clientKey: string;
}

/** What a person chooses for a chat that is to be made. */
type Choices = Pick<Draft, "includesContext" | "model">;

const NOTHING_CHOSEN: Choices = { includesContext: null, model: null };
const EMPTY: Draft = { text: "", attachments: [], ...NOTHING_CHOSEN, clientKey: null };

/** The place of a chat that has no address yet… */
export const NEW_CHAT = "new";

/** …and of one that will belong to a project. */
export const newChatOf = (projectDisplayId: string | null) =>
  projectDisplayId === null ? NEW_CHAT : `${NEW_CHAT}:${projectDisplayId}`;

const isNew = (chat: string) => chat === NEW_CHAT || chat.startsWith(`${NEW_CHAT}:`);

/**
 * One person's drafts. That of a chat is the same in all tabs: what is typed in one, also for a
 * message that waits, stands in the others. A new chat is another one in each tab that is open.
 * Readable synchronously and observable, in the form React wants.
 */
export class Drafts {
  readonly #storage: Storage;
  readonly #owner: string;
  readonly #cache = new Map<string, Draft>();
  readonly #editCache = new Map<string, Readonly<Record<string, string>>>();
  readonly #listeners = new Set<() => void>();

  constructor(storage: Storage, owner: string) {
    this.#storage = storage;
    this.#owner = owner;
    window.addEventListener("storage", this.#onStorage);
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** The draft of a chat. The same object as long as nothing changed. */
  get(chat: string): Draft {
    const cached = this.#cache.get(chat);
    if (cached) return cached;
    const stored = this.#read("draft", chat);
    const attached = this.#read("attached", chat);
    const draft: Draft = {
      ...EMPTY,
      ...(isWithText(stored) ? stored : {}),
      attachments: Array.isArray(attached) ? attached.filter(isAttachment) : [],
    };
    this.#cache.set(chat, draft);
    return draft;
  }

  /** Takes what the person typed. A changed text is a new send. */
  type(chat: string, text: string) {
    this.#put(chat, { ...this.get(chat), text, clientKey: null });
  }

  /** Takes what the person changed besides the text, which is a new send too. */
  change(chat: string, changes: Partial<Pick<Draft, "attachments"> & Choices>) {
    this.#put(chat, { ...this.get(chat), ...changes, clientKey: null });
  }

  /** Whether exactly this is what the chat's composer holds. */
  holds(chat: string, text: string): boolean {
    return this.get(chat).text.trim() === text;
  }

  /**
   * Notes that a message is on its way; it can come back until `settle` is called. The draft is
   * emptied if it is that message, except for what was chosen for the chat, and left alone if the
   * text was typed elsewhere.
   */
  startSend(chat: string, send: UnsettledSend) {
    this.#write("unsettled", chat, [...this.unsettled(chat), send]);
    const { includesContext, model } = send;
    if (this.holds(chat, send.text)) this.#put(chat, { ...EMPTY, includesContext, model });
  }

  /** The server has it, or has refused it and the text was put back. */
  settle(chat: string, clientKey: string) {
    const others = this.unsettled(chat).filter((send) => send.clientKey !== clientKey);
    this.#write("unsettled", chat, others.length === 0 ? null : others);
  }

  /** Sends that were on their way when the page went: neither accepted nor refused, as far as is known. */
  unsettled(chat: string): readonly UnsettledSend[] {
    const stored = this.#read("unsettled", chat);
    if (!Array.isArray(stored)) return [];
    return stored
      .filter(isWithText)
      .map((send) => ({ ...EMPTY, ...send }))
      .filter((send): send is UnsettledSend => send.clientKey !== null);
  }

  /** Puts a message that was not sent back before whatever has been typed since. */
  putBack(chat: string, send: UnsettledSend) {
    const { text, attachments } = this.get(chat);
    const isFree = text.trim() === "" && attachments.length === 0;
    this.#put(
      chat,
      isFree
        ? { ...send }
        : {
            text: text.trim() === "" ? send.text : `${send.text}\n\n${text}`,
            attachments: [...send.attachments, ...attachments],
            includesContext: send.includesContext,
            model: send.model,
            clientKey: null,
          },
    );
    this.settle(chat, send.clientKey);
  }

  /** A chat got its address: what was typed meanwhile moves with it. */
  move(from: string, to: string) {
    this.#put(to, this.get(from));
    this.#put(from, EMPTY);
  }

  /** What was chosen for a new chat is not chosen for the next one. */
  forgetChoices(chat: string) {
    this.change(chat, NOTHING_CHOSEN);
  }

  /** The new text of a queued message in its editor, or `null` where none was begun. */
  edit(chat: string, clientKey: string): string | null {
    return this.#edits(chat)[clientKey] ?? null;
  }

  /** Keeps it until it is saved or given up (`null`). */
  keepEdit(chat: string, clientKey: string, text: string | null) {
    const { [clientKey]: _before, ...others } = this.#edits(chat);
    const edits = text === null ? others : { ...others, [clientKey]: text };
    this.#editCache.set(chat, edits);
    this.#write("edits", chat, Object.keys(edits).length === 0 ? null : edits);
    this.#tell();
  }

  /** The keys of the queued messages whose editors hold a text. */
  edited(chat: string): readonly string[] {
    return Object.keys(this.#edits(chat));
  }

  /** Puts what was typed for a message that waits no more before the composer's text. */
  releaseEdit(chat: string, clientKey: string) {
    const { text } = this.get(chat);
    const edit = this.edit(chat, clientKey) ?? "";
    this.type(chat, text.trim() === "" ? edit : `${edit}\n\n${text}`);
    this.keepEdit(chat, clientKey, null);
  }

  #edits(chat: string): Readonly<Record<string, string>> {
    const cached = this.#editCache.get(chat);
    if (cached) return cached;
    const stored = this.#read("edits", chat);
    const edits = isRecord(stored) ? (stored as Record<string, string>) : {};
    this.#editCache.set(chat, edits);
    return edits;
  }

  #put(chat: string, draft: Draft) {
    const before = this.get(chat);
    this.#cache.set(chat, draft);
    const { attachments, ...rest } = draft;
    const isChosen = isNew(chat) && (rest.includesContext !== null || rest.model !== null);
    const isEmpty = rest.text === "" && !isChosen;
    this.#write("draft", chat, isEmpty ? null : rest);
    // Apart from the text, because they are long and it changes at each key.
    if (attachments !== before.attachments) {
      this.#write("attached", chat, attachments.length === 0 ? null : attachments);
    }
    this.#tell();
  }

  #tell() {
    for (const listener of this.#listeners) listener();
  }

  /** Another tab has written. */
  readonly #onStorage = ({ storageArea, key }: StorageEvent) => {
    if (storageArea !== this.#storage) return;
    const isKept = (chat: string) =>
      key !== null &&
      (isNew(chat) || (key !== this.#key("draft", chat) && key !== this.#key("attached", chat)));
    for (const chat of this.#cache.keys()) if (!isKept(chat)) this.#cache.delete(chat);
    for (const chat of this.#editCache.keys()) {
      if (key === null || key === this.#key("edits", chat)) this.#editCache.delete(chat);
    }
    this.#tell();
  };

  #key(kind: string, chat: string) {
    return `parley:${kind}:${this.#owner}:${chat}`;
  }

  #read(kind: string, chat: string): unknown {
    try {
      return JSON.parse(this.#storage.getItem(this.#key(kind, chat)) ?? "null");
    } catch {
      return null;
    }
  }

  /** Storage that is full or forbidden must not stop anybody from typing; the memory still holds it. */
  #write(kind: string, chat: string, value: unknown) {
    try {
      if (value === null) this.#storage.removeItem(this.#key(kind, chat));
      else this.#storage.setItem(this.#key(kind, chat), JSON.stringify(value));
    } catch {
      // See above.
    }
  }
}

function isWithText(value: unknown): value is Partial<Draft> & { readonly text: string } {
  return isRecord(value) && "text" in value && typeof value.text === "string";
}

function isRecord(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function isAttachment(value: unknown): value is DraftAttachment {
  return isWithText(value) && "name" in value && typeof value.name === "string";
}
