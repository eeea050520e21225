import { createMathPlugin } from "@streamdown/math";
import "./math.css";

/** Formulas by KaTeX. A single dollar is money. What KaTeX cannot read is shown as it was written. */
export const math = createMathPlugin({ singleDollarTextMath: false, errorColor: "var(--bad)" });
