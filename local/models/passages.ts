// The pieces of markdown that the demonstration answers are made of. Each is about the way from a
// question to its answer, since that is what a demonstration has to show.

/** Opens the first answer of a conversation. */
export const INTRODUCTION = `**This is Parley's demonstration model, not a real one.** It runs on this machine, needs no account, and knows nothing: it shows how an answer arrives. To talk to a real model, set \`AZURE_OPENAI_ENDPOINT\`, \`AZURE_OPENAI_KEY\` and \`AZURE_OPENAI_DEPLOYMENT\` in the file \`.env\` and start again.`;

export const LIST = `1. **Say what you want to know.** One question at a time gets the clearest answer.
2. **Give what is needed to answer.** Names, numbers, dates:
   - what you have tried already,
   - what came of it,
   - what would count as done.
3. **Read while it is written.** You can stop as soon as you have what you need.
4. **Ask on.** The last messages of this chat go along with the next one.`;

export const TABLE = `| step | who does it | how long it takes |
| --- | --- | ---: |
| the question is stored and charged | one transaction | a few ms |
| the model begins | the demonstration model waits on purpose | 300 ms |
| each piece of the answer | stored, then shown in every open tab | 50 ms |
| the end | the whole text replaces its pieces | once |`;

export const CODE = `\`\`\`ts
/** Counts the words of a text; a run of blanks separates two words. */
export function countWords(text: string): number {
  return text.split(/\\s+/).filter((word) => word !== "").length;
}

console.log(countWords("an answer arrives word by word")); // 6
\`\`\``;

export const LONG_CODE = `\`\`\`python
from collections import Counter


def most_common_words(text: str, limit: int = 3) -> list[tuple[str, int]]:
    """The words that occur most often, with how often they do."""
    words = [word.strip(".,;:!?").lower() for word in text.split()]
    return Counter(word for word in words if word).most_common(limit)


if __name__ == "__main__":
    sample = "the question comes first, the answer follows the question"
    for word, times in most_common_words(sample):
        print(f"{word:>10} {times}")
\`\`\``;

export const FORMULAS = `The interest on a sum grows like $$(1 + \\frac{r}{n})^{nt}$$, and when it is added at every moment, like this:

\\[
\\lim_{n \\to \\infty} \\left(1 + \\frac{r}{n}\\right)^{nt} = e^{rt}
\\]`;

export const DIAGRAM = `\`\`\`mermaid
flowchart LR
  Question --> Deployment
  Deployment --> Model
  Model --> Answer
\`\`\``;

export const QUOTE = `> A live query sends its result again when what it has read changes. So every tab that shows this chat sees the same words at the same time, without asking for them.`;

/** Sentences that long answers are filled with. */
export const SENTENCES: readonly string[] = [
  "A question is stored before anything else happens, so nothing of it is lost when a connection breaks.",
  "The answer grows in small pieces, and each piece is on disk before anybody sees it.",
  "Whoever opens the chat late reads the beginning at once and then follows along.",
  "When the answer is stopped, the text stays exactly as it was seen.",
  "An answer that fails says why, and says whether it was paid for.",
  "Two tabs never disagree for long, because both read from the same place.",
  "Words such as naïve, Zürich, 東京 and 👍 take more than one byte each and arrive whole.",
  "A long answer costs the network as much as it is long, and not its square.",
  "Numbers like 1,024 or 3.14159 are cut into several pieces and put together again.",
  "Nothing here was looked up anywhere: these sentences are the same for every question.",
];

/** What plans are made of, whatever they are for. */
export const STEPS: readonly string[] = [
  "Write down what done looks like",
  "List what is already there and what is missing",
  "Find out what it costs and who decides",
  "Do the smallest part that shows anything",
  "Show it to three people and note what they say",
  "Put right what they stumbled over",
  "Choose the day and tell everybody",
  "Look back on what to do better next time",
];
