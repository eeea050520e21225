/** What a search index keeps of a document, and where its readers and writers meet. Pure. */
import { hash } from "node:crypto";
import { fieldAtPath } from "../values/encoding.ts";
import { encodeKey } from "../values/key.ts";
import type { Key } from "../values/key.ts";
import type { SearchIndex, TextIndex, VectorIndex } from "./catalog.ts";
import type { Doc } from "./document.ts";

/** Longer words are in no index. Bytes of UTF-8. */
const MAX_WORD_BYTES = 32;

/** The words of a document, and a mark for the value of each filter field; both apart by spaces. */
export interface TextEntry {
  readonly words: string;
  readonly filters: string;
}

/** A document's vector, scaled to length one (or all zeros), and the marks of its filter fields' values. */
export interface VectorEntry {
  readonly vector: Float32Array;
  readonly filters: string;
}

const WORD = /[\p{Alphabetic}\p{N}]+/gu;

/** The words of a text in lower case, split as Convex's index splits them: at all that is no letter or digit. */
export function wordsOf(text: string): string[] {
  const words = text.match(WORD) ?? [];
  return words
    .filter(
      (word) => word.length * 3 <= MAX_WORD_BYTES || Buffer.byteLength(word) <= MAX_WORD_BYTES,
    )
    .map((word) => word.toLowerCase());
}

/** Null when the document has no text in the indexed field, and can never be found. */
export function textEntry(index: TextIndex, doc: Doc): TextEntry | null {
  const text = fieldAtPath(doc.value, index.searchField.split("."));
  if (typeof text !== "string") return null;
  const words = wordsOf(text);
  if (words.length === 0) return null;
  return { words: words.join(" "), filters: filterMarks(index, doc).join(" ") };
}

/** Null when the field holds no list of so many finite numbers: nothing is near to what is none. */
export function vectorEntry(index: VectorIndex, doc: Doc): VectorEntry | null {
  const vector = fieldAtPath(doc.value, index.vectorField.split("."));
  if (!Array.isArray(vector) || vector.length !== index.dimensions) return null;
  if (!vector.every(isFiniteNumber)) return null;
  return { vector: unitVector(vector), filters: filterMarks(index, doc).join(" ") };
}

const isFiniteNumber = (value: unknown): value is number => Number.isFinite(value);

/** The vector at length one, so that the product of two is the cosine between them. */
export function unitVector(vector: readonly number[]): Float32Array {
  const length = Math.sqrt(vector.reduce((sum, element) => sum + element * element, 0)) || 1;
  // The square of a number that is large enough is none.
  if (length === Infinity) return unitVector(vector.map((element) => element / Number.MAX_VALUE));
  return Float32Array.from(vector, (element) => element / length);
}

/** Stands for one value of a filter field: short, and of letters and digits only. */
export function filterMark(index: SearchIndex, field: string, value: Key): string {
  const digest = hash("sha256", Buffer.from(value, "latin1"), "hex").slice(0, 32);
  return `${index.filterFields.indexOf(field)}x${digest}`;
}

/**
 * The keys under which a change of this document is told to the searches that it may concern: those
 * without a filter, and those that filter by a value that the document has.
 */
export function searchKeys(index: TextIndex, doc: Doc): Key[] {
  return [
    UNFILTERED,
    ...index.filterFields.map((field) => filterKey(field, filterValue(doc, field))),
  ];
}

/** The key that a search without filters reads. */
export const UNFILTERED: Key = encodeKey("");

/** The key that a search reads which filters by this value. */
export function filterKey(field: string, value: Key): Key {
  return encodeKey(field) + value;
}

/** Whether the index keeps the same of both. */
export function hasSameEntry(index: SearchIndex, left: Doc, right: Doc): boolean {
  const field = index.kind === "text" ? index.searchField : index.vectorField;
  return [field, ...index.filterFields].every(
    (path) => filterValue(left, path) === filterValue(right, path),
  );
}

function filterMarks(index: SearchIndex, doc: Doc): string[] {
  return index.filterFields.map((field) => filterMark(index, field, filterValue(doc, field)));
}

function filterValue(doc: Doc, field: string): Key {
  return encodeKey(fieldAtPath(doc.value, field.split(".")));
}
