import type { Turn } from "./seed-chat.ts";

/** Turns of real markdown in the mix of an ordinary chat: prose, lists, tables, code, now and then long. */
export function markdownTurns(count: number): Turn[] {
  return Array.from({ length: count }, (_, index) => ({
    question: `${QUESTIONS[index % QUESTIONS.length]} (${index + 1})`,
    answer: ANSWERS[index % ANSWERS.length]!.replaceAll("{n}", String(index + 1)),
  }));
}

const QUESTIONS = [
  "Why are there usually two high tides a day?",
  "Make me a table of the main constituents.",
  "How would I compute the height at a given time?",
  "What did people believe before Newton?",
  "Short answer please: which way does the bulge turn?",
  "Go through the whole reasoning once more, slowly, with the assumptions that you make at each step and what would happen if they did not hold.",
];

const PROSE = `The Moon pulls on the near side of the Earth more than on its centre, and on the centre more than on the far side. The water therefore bulges on **both** sides, and the Earth turns under the two bulges once a day.`;

const CODE = `\`\`\`typescript
export function heightAt(t: Date, harmonics: readonly Harmonic[]): number {
  // Metres above chart datum.
  return harmonics.reduce(
    (sum, { amplitude, speed, phase }) =>
      sum + amplitude * Math.cos(speed * hours(t) - phase),
    0,
  );
}
\`\`\``;

const TABLE = `| Constituent | Cause | Period |
| --- | --- | --- |
| M2 | Moon, twice daily | 12 h 25 min |
| S2 | Sun, twice daily | 12 h |
| K1 | Declination | 23 h 56 min |
| O1 | Moon's declination | 25 h 49 min |`;

const ANSWERS = [
  `${PROSE}\n\nThat is number {n}.`,
  `## Constituents\n\n${TABLE}\n\nThe [admiralty](https://example.com/tides) lists more than sixty.`,
  `The height is a sum of such waves, each with its own amplitude and phase:\n\n${CODE}\n\nCall it with \`new Date()\` and the harmonics of your port.`,
  `1. **Galileo** thought of the sloshing of the seas.\n2. **Kepler** suspected the Moon, and was laughed at.\n3. **Descartes** had a vortex for it.\n   - It pressed the water down.\n   - The phase came out wrong.\n\n> "I cannot explain it otherwise." — nobody in particular, {n}`,
  `Eastward, *with* the Earth's rotation, and a little ahead of the Moon.`,
  `### Step by step\n\n${PROSE}\n\n${TABLE}\n\n${PROSE} The friction of the sea floor delays it.\n\n${CODE}\n\n- First assumption: a ball of water.\n- Second assumption: no continents.\n- Third: the Moon stands still for a while.\n\n${PROSE}\n\n#### In short\n\n${PROSE} So number {n} ends.`,
];
