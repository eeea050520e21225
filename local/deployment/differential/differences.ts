/** An outcome that is not the same in the two worlds, and why. */
export interface Difference {
  readonly what: string;
  readonly reason: string;
  /** The outcome's text under `convex-test`. */
  readonly reference: RegExp;
  /** The outcome's text under a deployment. */
  readonly deployment: RegExp;
}

const ITS_WORDS = "Convex's own words; convex-test puts it in others.";

/** All differences that are known; each must be seen in each run of the suite. */
export const DIFFERENCES: readonly Difference[] = [
  {
    what: "arguments that the validator refuses",
    reason: ITS_WORDS,
    reference: /^"Error: Validator error: /,
    deployment: /^"(?:Error: )?ArgumentValidationError: /,
  },
  {
    what: "values of a record",
    reason: "convex-test does not look into records.",
    reference: /^\["record"\]$|^"record"$/,
    deployment: /^"ArgumentValidationError: .*Path: \.record\.values\(\)/,
  },
  {
    what: "results that the validator refuses",
    reason: ITS_WORDS,
    reference: /^"Error: Return value validation failed for query /,
    deployment: /^"(?:Error: )?ReturnsValidationError: /,
  },
  {
    what: "documents that the schema refuses",
    reason: ITS_WORDS,
    reference: /^"Error: Validator error: /,
    deployment:
      /^"Error: Failed to insert or update a document in table \\"strict\\" because it does not match the schema: /,
  },
  {
    what: "a document that is not there is written",
    reason: ITS_WORDS,
    reference: /^"Error: (?:Patch|Replace|Delete) on non-existent doc/,
    deployment: /^"Error: (?:Update|Replace|Delete) on nonexistent document ID #\d+"$/,
  },
  {
    what: "index fields out of order",
    reason: ITS_WORDS,
    reference: /^"Error: Incorrect (?:field|operator) used in `withIndex`, /,
    deployment:
      /^"Error: (?:Tried to query index |Already defined lower bound |Upper and lower bounds |The index range included a comparison with )/,
  },
  {
    what: "an index that is not there",
    reason: ITS_WORDS,
    reference: /^"Error: Cannot use index \\"by_nothing\\"/,
    deployment: /^"Error: Index samples\.by_nothing not found\."$/,
  },
  {
    what: "a function that is not there, or is of another kind",
    reason: ITS_WORDS,
    reference:
      /^"Error: Expected a (?:\w+ function, but the function|Convex function) exported from module /,
    deployment: /^"(?:Error: )?(?:Could not find (?:public )?function for |Trying to execute )/,
  },
  {
    what: "a filter compares a missing field",
    reason:
      "A missing field comes before every value, as in an index; JavaScript's < holds for none.",
    reference: /^\[\{"_id":"#0","rank":1\}\]$/,
    deployment: /^\[\{"_id":"#0","rank":1\},\{"_id":"#2","text":"none"\}\]$/,
  },
  {
    what: "a filter compares values of two types",
    reason:
      "Numbers come before texts, as in an index; JavaScript's > turns the text into a number.",
    reference: /^\[\{"_id":"#1","rank":2\}\]$/,
    deployment: /^\[\]$/,
  },
  {
    what: "a filter computes with a missing field",
    reason: "Convex refuses; in JavaScript it is NaN.",
    reference: /^\[\{"_id":"#0","rank":1\}\]$/,
    deployment: /^"Error: Cannot add undefined \(type undefined\) and 1\.0 \(type Float64\)"$/,
  },
  {
    what: "a filter negates a number",
    reason: "convex-test has no neg.",
    reference: /^"Error: not implemented: \{\\"\$neg\\"/,
    deployment: /^"Error: Cannot negate undefined \(type undefined\)"$/,
  },
  {
    what: "a filter combines what is not a boolean",
    reason: "Convex refuses; for JavaScript a missing field is false.",
    reference: /^\[\]$/,
    deployment: /^"Error: Expected a boolean, got undefined"$/,
  },
  {
    what: "a filter that is no boolean",
    reason: "Only true lets a document through; for JavaScript many values are true.",
    reference: /^\[\{"_id":"#0","rank":1\},\{"_id":"#1","rank":2\}\]$/,
    deployment: /^\[\]$/,
  },
  {
    what: "a full page that holds the last document",
    reason: "Convex looks no further than the page; convex-test has seen the end.",
    reference: /^\{"continueCursor":"some","isDone":true,"page":\[(?:\{[^}]*\},?){11}\]\}$/,
    deployment: /^\{"continueCursor":"some","isDone":false,"page":\[(?:\{[^}]*\},?){11}\]\}$/,
  },
  {
    what: "a page of no documents",
    reason: "Convex refuses; convex-test gives one.",
    reference: /^\{"continueCursor":"some","isDone":false,"page":\[\{[^}]*\}\]\}$/,
    deployment: /^"Error: Must request at least 1 document while paginating"$/,
  },
  {
    what: "a cursor that is none",
    reason: "Convex says so in the error's data, on which the React client starts anew.",
    reference: /^"(?:Syntax)?Error: Unexpected token 'o', \\"nonsense\\" is not valid JSON"$/,
    deployment: /^\{"data":\{"isConvexSystemError":true,"paginationError":"InvalidCursor"\}\}$/,
  },
  {
    what: "a text search where a document has no text",
    reason: "convex-test expects every document to have the field.",
    reference: /^"Error: Cannot read properties of undefined \(reading 'split'\)"$/,
    deployment: /^\[\{"_id":"#4","text":"nothing"\}\]$/,
  },
  {
    what: "the name of a scheduled function",
    reason: "A deployment knows modules by their files.",
    reference: /^"programs:\w+"$/,
    deployment: /^"programs\.js:\w+"$/,
  },
  {
    what: "a file that is not there is deleted",
    reason: ITS_WORDS,
    reference: /^"Error: Delete on non-existent doc"$/,
    deployment: /^"Error: storage id <last> not found"$/,
  },
  {
    what: "the order of by_id",
    reason: "Ids are random; those of convex-test count up.",
    reference: /^\[(?:\{"_id":"#\d","group":\d,"rank":\d\},?){9}\]$/,
    deployment: /^\[(?:\{"_id":"#\d","group":\d,"rank":\d\},?){9}\]$/,
  },
];
